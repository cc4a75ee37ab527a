#!/usr/bin/env bash
# Builds the native core in place for the Python of a virtual environment, and makes `import
# catalejo` work there from this tree: python/build.sh VENV [cmake arguments]
set -euo pipefail
venv=$(cd "$1" && pwd); shift
cd "$(dirname "${BASH_SOURCE[0]}")/.."
python=$venv/bin/python
"$python" -c 'import nanobind' 2>/dev/null || "$venv/bin/pip" install -q nanobind==2.15.0
tag=$("$python" -c 'import sysconfig; print(sysconfig.get_config_var("SOABI"))')
cmake -S . -B "build/python-$tag" -G Ninja -DCATALEJO_PYTHON=ON -DCMAKE_BUILD_TYPE=Release \
  -DPython_EXECUTABLE="$python" "$@" >/dev/null
ninja -C "build/python-$tag" -j1 --quiet
# Renamed into place: a process that has the old one loaded keeps it.
place() {
  cp "$1" "python/catalejo/.new.$tag.so"
  mv "python/catalejo/.new.$tag.so" "python/catalejo/$(basename "$1")"
}
place "build/python-$tag/python/native/_core.$tag.so"
for library in "build/python-$tag"/python/redact/*.so*; do
  [[ -e $library ]] && place "$library"
done
echo "$PWD/python" >"$("$python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/catalejo.pth"
