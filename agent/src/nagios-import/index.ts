// What a Nagios or Shinken configuration is in MyCloud's words. `read-files.ts` finds and reads the files, `map-configuration.ts` and the map-*.ts
// it calls turn objects into resources that `apply` takes; what has no counterpart is a *remark* with file and line. Services that differ in nothing
// but their host become one Check; templates of hosts and services stay templates (`map-templates.ts`); what nagios says of each object about whom to tell becomes as few notification rules as say the same.
export * from "./context.ts";
export * from "./map-configuration.ts";
export type { NeededPolicy } from "./map-event-handlers.ts";
export * from "./read-files.ts";
export * from "./remark.ts";
