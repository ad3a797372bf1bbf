#!/bin/sh
# Prints in Markdown what a branch changes in the rendered YAML: a table with a line per folder, then the changes, object by object.
#
#   sh rendered-diff.sh [--limit BYTES] BASE [FOLDER…]
#
#   BASE     what the branch goes into, such as origin/main; compared with HEAD is the last commit that both share
#   FOLDER   folders with rendered YAML, below the one that you run this in; default: dist clusters, of which one may be missing
#   --limit  the most to print, at least 1000; default: 60000, as a comment on GitHub holds 65,536 characters
#
# Exit code 0: printed, also when nothing changes. 2: wrong usage, or a commit is missing. It needs git and awk, and no network.
#
# File names and contents come from whoever opened the pull request. Names are printed with all but plain characters escaped, contents
# in a fence that they cannot end, without control characters. Attributes of the repository can hide nothing (--text).
set -eu
LC_ALL=C # lengths are bytes
export LC_ALL

usage() {
  echo "rendered-diff.sh: $1" >&2
  echo 'usage: sh rendered-diff.sh [--limit BYTES] BASE [FOLDER…]' >&2
  exit 2
}

limit=60000
if [ "${1-}" = --limit ]; then
  limit=${2-}
  case $limit in '' | ? | ?? | ??? | 0* | *[!0-9]* | ?????????*) usage "--limit is a number of bytes from 1000, not '$limit'" ;; esac
  shift 2
fi
case ${1-} in '' | -*) usage 'BASE is missing' ;; esac
asked=$1
shift
for folder; do
  case $folder in '' | -* | *[!A-Za-z0-9._/-]*) usage "FOLDER is a path of letters, digits and ._/-, not '$folder'" ;; esac
  case /$folder/ in //* | */../*) usage "FOLDER is below the folder that you run this in, unlike '$folder'" ;; esac
done

history='fetch the whole history (actions/checkout: fetch-depth: 0; GitLab: GIT_DEPTH: 0)'
base=$(git rev-parse --verify --quiet "$asked^{commit}") || usage "there is no commit '$asked': $history"
base=$(git merge-base "$base" HEAD) || usage "'$asked' and HEAD share no commit: $history"
exists() {
  git rev-parse --verify --quiet "$base:./$1" > /dev/null || git rev-parse --verify --quiet "HEAD:./$1" > /dev/null
}
for folder; do
  exists "$folder" || usage "there is no '$folder' in $PWD, at '$asked' or at HEAD"
done
if [ $# = 0 ]; then
  set -- dist clusters
  exists dist || exists clusters || usage "there is no dist and no clusters in $PWD, at '$asked' or at HEAD"
fi
# A name is kept for readers, who have the branch; what is not safe to paste into a shell is not.
case $asked in *[!A-Za-z0-9._/-]*) asked=$base ;; esac

changes=$(mktemp)
trap 'rm -f "$changes"' EXIT
# Whole files as context: awk cuts the hunks, as it has to see which object a line is in.
git -c core.quotePath=true -c diff.suppressBlankEmpty=false diff-tree -r --raw -p --relative --text --no-renames --histogram \
  --unified=1000000 --no-color --no-ext-diff --no-textconv "$base" HEAD -- "$@" > "$changes"

tr '\000-\010\013-\037\177' '[?*]' < "$changes" | awk -v limit="$limit" -v command="git diff $asked...HEAD --" -v roots="$*" '
  # First a raw line per file: ":<modes and hashes> <status><tab><name>", the name in quotes and escaped where it is not plain.
  !patches && /^:/ {
    split($0, raw, "\t")
    sub(/^.* /, "", raw[1])
    gsub(/^"|"$/, "", raw[2])
    # A file that becomes a link comes as two patches: the file goes, the link comes.
    if (raw[1] == "T") { status[++files] = "D"; name[files] = raw[2]; raw[1] = "A" }
    status[++files] = raw[1]
    name[files] = raw[2]
    next
  }
  # Then the patches, in the same order. All content starts with a blank, "+", "-" or "\", so it cannot look like what is around it.
  /^diff --git / { end_patch(); patches++; size = inside = 0; mode = ""; split("", line); next }
  /^@@ / { inside = 1; next }
  inside { gsub(/\342\200[\252-\256]|\342\201[\246-\251]/, "?"); line[++size] = $0; next } # these turn the reading direction around
  /^(old|new) mode / { mode = mode (mode == "" ? "" : ", ") $0 }
  END { end_patch(); report() }

  function end_patch(   here, path, i, sign) {
    if (!patches) return
    path = name[patches]
    here = folder_of(path)
    of_status[here, status[patches]]++
    put(here, status[patches] == "A" ? "--- /dev/null" : "--- a/" path)
    put(here, status[patches] == "D" ? "+++ /dev/null" : "+++ b/" path)
    if (mode != "") put(here, mode)
    find_objects()
    added[here] += new_lines(1, size) - same_lines
    removed[here] += old_lines(1, size) - same_lines
    put_hunks(here)
  }

  function folder_of(path) {
    if (!sub(/\/[^\/]*$/, "", path)) path = "."
    if (!(path in number)) { number[path] = ++folders; folder[folders] = path }
    return number[path]
  }

  # Which object each line is in, and kind, namespace and name of each, as it is ("+") and as it was ("-").
  function find_objects(   i, sign, text) {
    split("", object); split("", old_at); split("", new_at); split("", part); split("", kind); split("", id); split("", space_of)
    same_lines = 0
    for (i = 1; i <= size; i++) {
      sign = substr(line[i], 1, 1)
      text = substr(line[i], 2)
      object[i] = (i > 1 ? object[i - 1] : 1) + (text ~ /^---( |$)/)
      old_at[i] = old_at[i - 1] + (sign == "-" || sign == " ")
      new_at[i] = new_at[i - 1] + (sign == "+" || sign == " ")
      same_lines += (sign == " ")
      if (sign != "-") learn(object[i] "+", text)
      if (sign != "+") learn(object[i] "-", text)
    }
  }

  function learn(which, text) {
    if (text ~ /^[A-Za-z]/) part[which] = text
    if (text ~ /^kind: /) kind[which] = substr(text, 7)
    if (part[which] ~ /^metadata:/ && text ~ /^  name: /) id[which] = substr(text, 9)
    if (part[which] ~ /^metadata:/ && text ~ /^  namespace: /) space_of[which] = substr(text, 14) "/"
  }

  function old_lines(first, last) { return old_at[last] - old_at[first - 1] }
  function new_lines(first, last) { return new_at[last] - new_at[first - 1] }

  # Up to six lines around each change, and none of another object.
  function put_hunks(here,   i, j, first, last) {
    for (i = 1; i <= size; i = last + 1) {
      last = i
      if (!is_change(i)) continue
      for (first = i; first > i - 6 && object[first - 1] == object[i]; first--);
      while (object[last + 1] == object[i] && is_near_change(last + 1)) last++
      put(here, heading(first, last))
      for (j = first; j <= last; j++) put(here, line[j])
    }
  }

  function is_near_change(i,   j) {
    for (j = i + 6; j >= i - 6; j--) if (object[j] == object[i] && is_change(j)) return 1
    return 0
  }

  # A separator comes and goes with an object, and is no change of its own then.
  function is_change(i,   sign) {
    sign = substr(line[i], 1, 1)
    if (sign != "+" && sign != "-") return 0
    return line[i] != sign "---" || (substr(line[i - 1], 1, 1) != sign && substr(line[i + 1], 1, 1) != sign)
  }

  function heading(first, last,   old, new, which) {
    old = old_lines(first, last)
    new = new_lines(first, last)
    which = object[first] "+"
    if (!(which in kind)) which = object[first] "-"
    which = sprintf("@@ -%d,%d +%d,%d @@ %s %s%s", old_at[first - 1] + (old > 0), old, new_at[first - 1] + (new > 0), new, \
      kind[which], space_of[which], id[which])
    sub(/ +$/, "", which)
    return which
  }

  function put(here, text) { text_of[here, ++lines_of[here]] = text }

  function report(   i, all_added, all_removed, left, row, most, used) {
    print "### Rendered YAML\n"
    if (!folders) { print "No change in the rendered YAML."; return }
    for (i = 1; i <= folders; i++) { all_added += added[i]; all_removed += removed[i] }
    print counted(folders, "folder") ", " counted(files, "file") ", " counted(all_added, "line") " added, " counted(all_removed, "line") " removed.\n"
    print "| Folder | Files | Added | Removed |\n| :--- | :--- | ---: | ---: |"
    left = limit - 300 - length(command) - length(roots) # what stands above, and the note at the end
    for (i = 1; i <= folders; i++) {
      row = "| " show(folder[i]) " | " changes_in(i) " | " added[i] " | " removed[i] " |"
      if (left - length(row) < limit / 2) break
      left -= length(row) + 1
      print row
    }
    if (i <= folders) print "| and " (folders - i + 1) " more | | | |"
    # An equal part for each of the rest, but no crumbs: where that is too little, the first ones are shown, and the last ones are not.
    for (i = 1; i <= folders; i++) {
      most = int(left / (folders - i + 1))
      used = print_folder(i, most < 4000 ? 4000 : most, left)
      if (!used) break
      left -= used
    }
    if (i <= folders) print "\nNot shown: " counted(folders - i + 1, "folder") ". All of them: `" command " " roots "`"
  }

  # Returns how many bytes it takes, of which `most` are meant for it and `left` are there: none where a line has no room.
  function print_folder(here, most, left,   top, place, used, shown, i, run, fence) {
    if (most > left) most = left
    top = "\n<details>\n<summary>" show(folder[here]) ": " changes_in(here) ", +" added[here] " -" removed[here] "</summary>\n"
    place = folder[here] ~ /[^A-Za-z0-9._\/-]/ ? roots : folder[here]
    used = length(top) + length(command) + length(place) + 150 # fences, and the note below them
    for (shown = 0; shown < lines_of[here]; shown++) {
      run = longest_run(text_of[here, shown + 1], run)
      if (used + length(text_of[here, shown + 1]) + 1 + 2 * run > most) break
      used += length(text_of[here, shown + 1]) + 1
    }
    if (!shown) return 0
    for (fence = "```"; length(fence) <= run; fence = fence "`");
    print top "\n" fence "diff"
    for (i = 1; i <= shown; i++) print text_of[here, i]
    print fence
    if (shown < lines_of[here]) print "\nCut here, after " shown " of " counted(lines_of[here], "line") ". All of them: `" command " " place "`"
    print "\n</details>"
    return used + 2 * length(fence)
  }

  # The length of the longest run of backticks in the text, or the one known if that is longer.
  function longest_run(text, known) {
    while (match(text, /`+/)) {
      if (RLENGTH > known) known = RLENGTH
      text = substr(text, RSTART + RLENGTH)
    }
    return known + 0
  }

  function changes_in(here,   text) {
    if (of_status[here, "M"]) text = ", " of_status[here, "M"] " changed"
    if (of_status[here, "A"]) text = text ", " of_status[here, "A"] " new"
    if (of_status[here, "D"]) text = text ", " of_status[here, "D"] " deleted"
    return substr(text, 3)
  }

  function counted(n, what) { return n " " what (n == 1 ? "" : "s") }

  # A name as HTML: nothing in it is Markdown, a mention or a tag.
  function show(text,   i, c, html) {
    if (length(text) > 200) text = substr(text, 1, 200) "..."
    if (!("!" in code)) for (i = 32; i < 127; i++) code[sprintf("%c", i)] = i
    for (i = 1; i <= length(text); i++) {
      c = substr(text, i, 1)
      html = html (c ~ /[A-Za-z0-9.\/-]/ ? c : "&#" code[c] ";")
    }
    return "<code>" html "</code>"
  }
'
