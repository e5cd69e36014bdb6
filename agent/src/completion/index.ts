// Completion for bash, zsh and fish. A script holds all commands and options, so that completing those starts no program; names of machines, snapshots
// and paths in them are asked of `mycloud completion values`, which answers within a second or two, or nothing.
export * from "./bash-completion.ts";
export * from "./command-words.ts";
export * from "./fish-completion.ts";
export * from "./typed-words.ts";
export * from "./value-candidates.ts";
export * from "./zsh-completion.ts";
