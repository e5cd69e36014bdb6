// `mycloud discover`: finds devices that could be watched, from this machine; what it finds becomes hosts only by `mycloud apply`.
export * from "./create-discover-command.ts";
export * from "./device-definition.ts";
