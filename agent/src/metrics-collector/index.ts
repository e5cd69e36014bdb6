// What the agent measures of its machine: collectors, one a file, with node_exporter's names, types and labels, so that dashboards
// and rules made for it work. A collector is (places of the kernel's files) -> families; the scraper runs those that are asked for and
// tells of each how long it took and whether it found something.
export * from "./collector.ts";
export * from "./create-collectors.ts";
export * from "./create-scraper.ts";
export * from "./families.ts";
