/** What the word that is being typed is. */
export type WantedValue =
  | { readonly kind: "machine" }
  | { readonly kind: "policy" }
  | { readonly kind: "snapshot" }
  | { readonly kind: "snapshot-or-path" }
  /** A path in the snapshot that a word before it names. */
  | { readonly kind: "path"; readonly snapshot: string }
  | { readonly kind: "nothing" };

/** What was typed behind `mycloud`, taken apart. */
export interface TypedWords {
  readonly wanted: WantedValue;
  /** The word that is being typed, as far as it goes. */
  readonly current: string;
  readonly machine: string | undefined;
  readonly policy: string | undefined;
  readonly stateDir: string | undefined;
  readonly server: string | undefined;
  readonly tokenFile: string | undefined;
}

const withValue = new Set(
  "--state-dir --server --token-file --machine -m --policy -p --to --reason --until --output -o --format --limit -n --label --sort --in --snapshot".split(
    " ",
  ),
);
const nothing: WantedValue = { kind: "nothing" };

/** Tells what the last word is, from those before it. Pure. */
export function readTypedWords(words: readonly string[]): TypedWords {
  const before = words.slice(0, -1);
  const current = words.at(-1) ?? "";
  const values = new Map<string, string>();
  const plain: string[] = [];
  let pending: string | null = null;
  for (const word of before) {
    const equals = word.indexOf("=");
    if (pending !== null) {
      values.set(pending, word);
      pending = null;
    } else if (withValue.has(word)) pending = word;
    else if (word.startsWith("--") && equals > 0) values.set(word.slice(0, equals), word.slice(equals + 1));
    else if (!word.startsWith("-")) plain.push(word);
  }
  const [command = "", ...positional] = plain;
  return {
    wanted: pending === null ? wantedAt(command, positional) : wantedBy(pending),
    current,
    machine: values.get("--machine") ?? values.get("-m"),
    policy: values.get("--policy") ?? values.get("-p"),
    stateDir: values.get("--state-dir"),
    server: values.get("--server"),
    tokenFile: values.get("--token-file"),
  };
}

function wantedBy(option: string): WantedValue {
  if (option === "--machine" || option === "-m") return { kind: "machine" };
  if (option === "--policy" || option === "-p") return { kind: "policy" };
  if (option === "--snapshot") return { kind: "snapshot" };
  return option === "--in" ? { kind: "path", snapshot: "latest" } : nothing;
}

function wantedAt(command: string, positional: readonly string[]): WantedValue {
  const [first] = positional;
  switch (command) {
    case "log":
      return first === undefined ? { kind: "path", snapshot: "latest" } : nothing;
    case "ls":
      return first === undefined ? { kind: "snapshot-or-path" } : nothing;
    case "hold":
    case "note":
      return first === undefined ? { kind: "snapshot" } : nothing;
    case "diff":
      return positional.length < 2 ? { kind: "snapshot" } : { kind: "path", snapshot: positional[1] ?? "latest" };
    case "checkout":
    case "rollback":
    case "restore":
    case "download":
      return first === undefined ? { kind: "snapshot" } : { kind: "path", snapshot: first };
    default:
      return nothing;
  }
}
