// What is done to repositories besides backing up into them: retention, holds of a frozen repository, and finding out what a damaged object hits.
export * from "./backup-maintenance.ts";
