// The agent's options: flag > environment > file > default. One table says what there is, and makes the help.
export * from "./agent-options.ts";
export * from "./load-agent-options.ts";
