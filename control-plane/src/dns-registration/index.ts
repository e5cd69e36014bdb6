// Hosts in zones by themselves. Agents tell the addresses of their hosts; a registration (a stored definition) says which hosts and addresses are in which
// zone, and under what name. What follows from both is worked out as a whole (want-records.ts, pure), held against what is there (plan-registration.ts) and
// applied as changes of zones like any other, with source `registration`. What somebody else wrote stays, and is told as a problem.
export { createDnsRegistration } from "./create-dns-registration.ts";
export { createRegistrationRoutes } from "./routes.ts";
