import { type CommandWords, hasValues } from "./command-words.ts";

/** A script for bash 4.4 and later. Pure. */
export function bashCompletion(all: readonly CommandWords[]): string {
  const cases = all.map(
    ({ path, commands, options }) => `    "${path}") commands="${wordsOf(commands)}" options="${wordsOf(options)}" ;;`,
  );
  return `# completion of mycloud for bash: source <(mycloud completion bash)
_mycloud_words() {
  case $1 in
${cases.join("\n")}
    *) return 1 ;;
  esac
}
_mycloud() {
  local current at="" commands="" options="" word value quoted
  local -a typed=()
  # bash takes words apart at colons; SNAPSHOT:PATH is one.
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD}"; do
    word=\${word//\\\\/}
    if ((\${#typed[@]} > 0)) && [[ $word == :* || \${typed[-1]} == *: ]]; then typed[-1]+=$word; else typed+=("$word"); fi
  done
  ((\${#typed[@]} > 0)) || typed=("")
  current=\${typed[-1]}
  _mycloud_words ""
  for word in "\${typed[@]:0:\${#typed[@]}-1}"; do
    [[ $word == -* ]] && continue
    _mycloud_words "\${at:+$at }$word" && at="\${at:+$at }$word"
  done
  COMPREPLY=()
  if [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
    return
  fi
  if [[ -n $commands ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$current")
    return
  fi
  case $at in
    ${hasValues.join(" | ")}) ;;
    *) return ;;
  esac
  while IFS=$'\\t' read -r value _; do
    [[ $value == "$current"* ]] || continue
    printf -v quoted %q "$value"
    # Only what is behind the last colon of what was typed is put in its place.
    [[ $current == *:* ]] && quoted=\${quoted#"\${current%"\${current##*:}"}"}
    COMPREPLY+=("$quoted")
    [[ $value == */ ]] && compopt -o nospace 2>/dev/null
  done < <("\${COMP_WORDS[0]}" completion values -- "\${typed[@]}" 2>/dev/null)
}
complete -o default -F _mycloud mycloud
`;
}

function wordsOf(candidates: CommandWords["commands"]): string {
  return candidates.map(({ word }) => word).join(" ");
}
