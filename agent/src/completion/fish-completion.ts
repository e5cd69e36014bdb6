import { type Candidate, type CommandWords, hasValues } from "./command-words.ts";

/** A script for fish 3. Pure. */
export function fishCompletion(all: readonly CommandWords[]): string {
  const cases = all.map(
    ({ path, commands, options }) =>
      `        case '${path}'
            set -g __mycloud_commands ${described(commands)}
            set -g __mycloud_options ${described(options)}`,
  );
  return `# completion of mycloud for fish: mycloud completion fish | source
function __mycloud_words
    switch $argv[1]
${cases.join("\n")}
        case '*'
            return 1
    end
end
function __mycloud_complete
    set -l typed (commandline -opc)
    set -l current (commandline -ct)
    set -l program $typed[1]
    set -e typed[1]
    set -l at ''
    __mycloud_words ''
    for word in $typed
        string match -q -- '-*' $word; and continue
        set -l longer (string trim -- "$at $word")
        __mycloud_words $longer; and set at $longer
    end
    if string match -q -- '-*' $current
        printf '%s\\n' $__mycloud_options
        return
    end
    if set -q __mycloud_commands[1]
        printf '%s\\n' $__mycloud_commands
        return
    end
    if contains -- $at ${hasValues.join(" ")}
        set -l values ($program completion values -- $typed "$current" 2>/dev/null)
        if set -q values[1]
            printf '%s\\n' $values
            return
        end
    end
    __fish_complete_path $current
end
complete -c mycloud -f -a '(__mycloud_complete)'
`;
}

function described(candidates: readonly Candidate[]): string {
  return candidates.map(({ word, description }) => `${quoted(`${word}\t${description}`)}`).join(" ");
}

/** Within single quotes fish knows \\ and \' alone. */
function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
