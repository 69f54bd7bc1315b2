"""Look up what is installed among known vulnerabilities, by pip-audit; skipped where its data cannot be had."""

import json
import subprocess
import sys


def main() -> int:
    """Return 1 if a package has a known vulnerability, else 0."""
    command = [sys.executable, "-m", "pip_audit", "--skip-editable", "--progress-spinner", "off", "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        why = (done.stderr.strip().splitlines() or ["no answer"])[-1]
        print(f"skipped: pip-audit, as its data cannot be had ({why[:200]})")
        return 0
    found = [(package, each) for package in packages for each in package.get("vulns", [])]
    for package, each in found:
        fixed = ", ".join(each["fix_versions"]) or "no version yet"
        print(f"{package['name']} {package['version']}: {each['id']}, mended in {fixed}")
    print(f"{len(packages)} packages looked up, {len(found)} known vulnerabilities")
    return 1 if found else 0
