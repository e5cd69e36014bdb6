// `mycloud import`: what another system was told, as definitions here. `import-nagios.ts` is the command, `plan-import.ts` joins what is wanted with
// what is there, so that a second import has nothing to do and what was imported once and is gone since goes here as well.
export * from "./import-command.ts";
