#!/bin/sh
# Adds the program in this folder to the menu of applications of the person who runs this; with --remove, takes it away.
set -eu
folder=$(cd "$(dirname "$0")" && pwd -P)
entry="${XDG_DATA_HOME:-$HOME/.local/share}/applications/kantata-importer.desktop"

if [ "${1:-}" = --remove ]; then
  rm -f "$entry"
  echo "importer is no longer in the menu. To delete the program, delete the folder $folder."
  exit
fi
case $folder in
  *[\"\`\$\\%\&\|]*) echo "Move the folder to a place without special characters in its name first: $folder" >&2; exit 1 ;;
esac
mkdir -p "$(dirname "$entry")"
sed "s|@FOLDER@|$folder|g" "$folder/kantata-importer.desktop" > "$entry"
chmod 755 "$entry"
echo "importer is in the menu of your applications now."
