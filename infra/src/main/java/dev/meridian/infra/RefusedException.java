package dev.meridian.infra;

import java.util.List;

/// Templates that a rule of CDK or of cdk-nag refuses.
public final class RefusedException extends RuntimeException {
    private final List<String> findings;

    RefusedException(List<String> findings) {
        super(String.join("\n", findings), null, false, false);
        this.findings = List.copyOf(findings);
    }

    /// A line for each thing that is wrong: the rule, a sentence, where.
    public List<String> findings() {
        return findings;
    }
}
