// MyCloud's definitions as a Nagios configuration: `write-configuration.ts` puts the parts together that the define-*.ts make. Nagios says at each
// host and service what rules say of many, so rules are turned round here; what Nagios has no words for is a remark.
export * from "./inventory.ts";
export * from "./write-configuration.ts";
