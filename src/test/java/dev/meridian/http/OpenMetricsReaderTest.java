package dev.meridian.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.meridian.testing.OpenMetrics;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The reader of [OpenMetricsTest].
class OpenMetricsReaderTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "# TYPE a gauge\na 1\n",
                "# TYPE a gauge\na 1\n\n# EOF\n",
                "# TYPE a counter\na 1\n# EOF\n",
                "# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\n# TYPE a gauge\na{x=\"1\"} 1\n# EOF\n",
                "# TYPE a gauge\na 1\na 2\n# EOF\n",
                "# TYPE a gauge\na{x=\"1\",x=\"2\"} 1\n# EOF\n",
                "# TYPE a gauge\na{x=\"1\",} 1\n# EOF\n",
                "# TYPE a gauge\na{x=\"\\q\"} 1\n# EOF\n",
                "# TYPE a gauge\na one\n# EOF\n",
                "# TYPE a gauge\na 1 # {t=\"1\"} 1\n# EOF\n",
                "# TYPE a summary\na_count 1 # {t=\"1\"} 1\na_sum 1\n# EOF\n",
                "# TYPE a gauge\n# UNIT a seconds\na 1\n# EOF\n",
                "# TYPE a counter\na_total -1\n# EOF\n",
                "# TYPE a histogram\na_bucket{le=\"1.0\"} 1\na_count 1\na_sum 1\n# EOF\n",
                "# TYPE a histogram\na_bucket{le=\"1\"} 1\na_bucket{le=\"+Inf\"} 1\na_count 1\na_sum 1\n# EOF\n",
                "# TYPE a histogram\na_bucket{le=\"1.0\"} 2\na_bucket{le=\"+Inf\"} 1\na_count 1\na_sum 1\n# EOF\n",
                "# TYPE a histogram\na_bucket{le=\"+Inf\"} 1\na_count 2\na_sum 1\n# EOF\n",
                "# TYPE a summary\na_count 1\n# TYPE a_count gauge\na_count{x=\"1\"} 1\n# EOF\n"
            })
    void theReaderIsStrict(String text) {
        assertFalse(OpenMetrics.faults(text).isEmpty());
    }

    @Test
    void theReaderTakesWhatTheSpecificationAllows() {
        assertEquals(List.of(), OpenMetrics.faults("""
                # TYPE a histogram
                # UNIT a\s
                # HELP a Text.
                a_bucket{x="1",le="0.5"} 1 # {trace_id="1"} 0.4 1.5
                a_bucket{x="1",le="+Inf"} 2.0
                a_count{x="1"} 2
                a_sum{x="1"} 3.5E-2
                # TYPE b counter
                b_total{x="\\\\ \\" \\n"} 1 1604325000.5
                # TYPE c gauge
                c NaN
                # EOF
                """));
    }
}
