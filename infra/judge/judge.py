"""judge.py [--json FILE] [--partial] SYNTHESIS...: both linters on each distinct template of the syntheses.

Prints one line for each finding and exits with 1 when there is any. quiet.json silences findings by rule, stack, place
and reason; an entry that silences nothing is a finding too, unless --partial says that the templates are not all there are.
"""

import argparse
import collections
import fnmatch
import hashlib
import json
import pathlib
import subprocess
import sys
import time

from cloudformation_validate import CompositeEngine

HERE = pathlib.Path(__file__).parent
# Only informative to both linters: an IAM action on a resource that it cannot act on.
LOUD = {"I3510"}
Template = collections.namedtuple("Template", "synthesis stack region file")
Finding = collections.namedtuple("Finding", "tool rule synthesis stack where text")


def templates(folders):
    """Each distinct template once for each Region."""
    seen = set()
    for folder in folders:
        manifest = json.loads((folder / "manifest.json").read_text())
        for stack, artifact in manifest["artifacts"].items():
            if artifact["type"] != "aws:cloudformation:stack":
                continue
            file = folder / artifact["properties"]["templateFile"]
            region = artifact["environment"].rsplit("/", 1)[1]
            key = region, hashlib.sha256(file.read_bytes()).hexdigest()
            if key not in seen:
                seen.add(key)
                yield Template(folder.name, stack, region, file)


def validate(all_templates):
    """The engine that CDK has in an older version, where CDK's own constructs silence its rules for the whole app."""
    engine = CompositeEngine()
    for t in all_templates:
        for d in engine.validate_template(str(t.file)).diagnostics:
            if d.severity.name != "INFO" or d.rule_id in LOUD:
                where = getattr(d, "logical_id", "") or getattr(d, "path", "") or ""
                yield Finding("validate", d.rule_id, t.synthesis, t.stack, str(where), d.message)


def lint(all_templates):
    """cfn-lint, by Region: what exists differs."""
    regions = collections.defaultdict(list)
    for t in all_templates:
        regions[t.region].append(t)
    linter = pathlib.Path(sys.executable).with_name("cfn-lint")
    for region, some in sorted(regions.items()):
        by_file = {str(t.file): t for t in some}
        run = subprocess.run(
            [linter, "--include-checks", *sorted(LOUD), "--non-zero-exit-code", "none", "--format", "json", "--regions", region,
             "--template", *by_file],
            capture_output=True, text=True)
        if run.returncode or run.stderr.strip():
            sys.exit(f"cfn-lint: {run.stderr or run.stdout}")
        for f in json.loads(run.stdout):
            t = by_file[f["Filename"]]
            where = "/".join(str(part) for part in f["Location"]["Path"])
            yield Finding("cfn-lint", f["Rule"]["Id"], t.synthesis, t.stack, where, f["Message"])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--partial", action="store_true")
    parser.add_argument("synthesis", type=pathlib.Path, nargs="+")
    options = parser.parse_args()
    quiet = json.loads((HERE / "quiet.json").read_text())
    used, findings, times = set(), [], []
    all_templates = list(templates(options.synthesis))
    for name, tool in (("cloudformation-validate", validate), ("cfn-lint", lint)):
        started = time.monotonic()
        for finding in tool(all_templates):
            silent = [i for i, q in enumerate(quiet)
                      if q["rule"] == finding.rule and fnmatch.fnmatch(finding.stack, q["stacks"])
                      and fnmatch.fnmatch(finding.where, q.get("where", "*"))]
            used.update(silent)
            if not silent:
                findings.append(finding)
        times.append(f"{name} {time.monotonic() - started:.1f} s")
    if not options.partial:
        for i in set(range(len(quiet))) - used:
            findings.append(Finding("quiet.json", quiet[i]["rule"], "", quiet[i]["stacks"], "", "silences nothing"))
    for f in findings:
        print(f"{f.tool} {f.rule} {f.synthesis}/{f.stack} {f.where}: {f.text}")
    print(f"{len(all_templates)} templates, {len(findings)} findings, {', '.join(times)}")
    if options.json:
        options.json.write_text(json.dumps([f._asdict() for f in findings], indent=1))
    return 1 if findings else 0


sys.exit(main())
