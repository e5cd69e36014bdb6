import { type Candidate, type CommandWords, hasValues } from "./command-words.ts";

/** A script for zsh, to be sourced after compinit or put into $fpath as _mycloud. Pure. */
export function zshCompletion(all: readonly CommandWords[]): string {
  const cases = all.map(
    ({ path, commands, options }) =>
      `    "${path}") commands=(${described(commands)}) options=(${described(options)}) ;;`,
  );
  return `#compdef mycloud
# completion of mycloud for zsh: source <(mycloud completion zsh)
_mycloud_words() {
  case $1 in
${cases.join("\n")}
    *) return 1 ;;
  esac
}
_mycloud() {
  local at="" current="\${(Q)PREFIX}" word value description
  local -a commands options typed values shown folders folders_shown
  _mycloud_words ""
  typed=("\${(@Q)words[2,CURRENT-1]}")
  for word in "\${typed[@]}"; do
    [[ $word == -* ]] && continue
    _mycloud_words "\${at:+$at }$word" && at="\${at:+$at }$word"
  done
  if [[ $current == -* ]]; then
    _describe -o option options
    return
  fi
  if (( \${#commands} )); then
    _describe command commands
    return
  fi
  case $at in
    ${hasValues.join("|")}) ;;
    *) _files; return ;;
  esac
  while IFS=$'\\t' read -r value description; do
    if [[ $value == */ ]]; then
      folders+=("$value") folders_shown+=("$value")
    else
      values+=("$value") shown+=("$value\${description:+  -- $description}")
    fi
  done < <("\${(Q)words[1]}" completion values -- "\${typed[@]}" "$current" 2>/dev/null)
  if (( \${#values} + \${#folders} == 0 )); then
    _files
    return
  fi
  (( \${#values} )) && compadd -l -V values -d shown -a values
  (( \${#folders} )) && compadd -V folders -S '' -d folders_shown -a folders
  return 0
}
if [[ $funcstack[1] == _mycloud ]]; then _mycloud "$@"; else compdef _mycloud mycloud; fi
`;
}

function described(candidates: readonly Candidate[]): string {
  return candidates.map(({ word, description }) => quoted(`${word.replaceAll(":", "\\:")}:${description}`)).join(" ");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
