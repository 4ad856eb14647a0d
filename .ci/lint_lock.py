"""Checks frontend/package-lock.json: npm ci works on every platform, and no registry's address is in it.

npm leaves out another platform's package that its registry does not have at that moment, and npm ci then refuses the
whole file.
"""

import json
import sys

with open("frontend/package-lock.json", encoding="utf-8") as file:
    packages = json.load(file)["packages"]
problems = []
for path, package in packages.items():
    if "resolved" in package:
        problems.append(f"{path} names the address {package['resolved']}")
    for name in {**package.get("dependencies", {}), **package.get("optionalDependencies", {})}:
        # As Node looks: beside the package's own modules, then upwards.
        parents = path.split("node_modules/")
        places = ["node_modules/".join(parents[:depth]) for depth in range(1, len(parents))] + [path + "/" if path else ""]
        if not any(f"{place}node_modules/{name}" in packages for place in places):
            problems.append(f"{path or 'the project'} needs {name}, which is not there")

print("\n".join(f"package-lock.json: {problem}" for problem in problems))
print(f"package-lock.json: {len(packages)} packages read, {len(problems)} failed")
sys.exit(1 if problems else 0)
