// The command file: a FIFO from which external commands are read, as Nagios' `command_file`; scripts and NSCA daemons write to it.
export { createCommandPipe } from "./create-command-pipe.ts";
