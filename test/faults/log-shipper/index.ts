// What the faults of logs-shipper.test.ts need: a real shipper, as an agent starts it, that reads a folder; what takes its chunks; and what is left of it.
export * from "./counting-receiver.ts";
export * from "./running-shipper.ts";
export * from "./silent-proxy.ts";
