// Machines as their owners see them: a host, its repositories, and one sentence that says how its backups are to somebody who knows nothing of either.
export { describeMachine, type JobFacts, type MachineFacts } from "./describe-machine.ts";
export { createMachineRoutes, type MachineRoutesDependencies } from "./routes.ts";
