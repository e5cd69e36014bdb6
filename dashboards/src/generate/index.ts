// What is written below dashboards/generated, and a check of it that needs no Grafana.
export * from "./generated-files.ts";
