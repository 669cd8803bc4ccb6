"""What pyproject.toml cannot say: the packages. Everything else about the distribution belongs there.

The SQL lies at the root of the repository, where a person finds it, and is installed as `tracepile_assets.sql`.
Folders of embedded programs have no `__init__.py` (they hold program text, not modules of ours): they travel as
namespace packages, with every file in them.
"""

from setuptools import find_namespace_packages, setup

NOT_PACKAGES = ["*.__pycache__", "*.__pycache__.*"]

ours = find_namespace_packages(include=["tracepile_assets", "tracepile_assets.*"], exclude=NOT_PACKAGES)
sql = find_namespace_packages(include=["sql", "sql.*"], exclude=NOT_PACKAGES)
sql_folders = {f"tracepile_assets.{package}": package.replace(".", "/") for package in sql}

setup(
    packages=[*ours, *sql_folders],
    package_dir=sql_folders,
    package_data={"": ["*.sql", "*.md", "*.py", "*.json", "*.toml", "*.txt", "*.yaml", "py.typed"]},
    include_package_data=False,
)
