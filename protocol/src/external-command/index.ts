// External commands: Nagios' lines, as tools of its world send them.
export * from "./external-command.ts";
