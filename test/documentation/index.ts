// What documents claim and a test can ask for: links, shell commands, metrics, environment variables. Pure parsers; documentation.test.ts asks.
export * from "./links.ts";
export * from "./markdown-pages.ts";
export * from "./metric-names.ts";
export * from "./shell-commands.ts";
