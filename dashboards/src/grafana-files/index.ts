// What the generated files for Grafana leave open, and how it is filled in. Nothing here needs the Foundation SDK: the `mycloud` command imports this folder.
export * from "./placeholder.ts";
export * from "./tailor-files.ts";
