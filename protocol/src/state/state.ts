import { z } from "zod";

/** The states a plugin can report for a service, in the order of its return codes 0 to 3 (Nagios plugin API). */
export const ServiceState = z.enum(["OK", "WARNING", "CRITICAL", "UNKNOWN"]);
export type ServiceState = z.infer<typeof ServiceState>;

/** The states a result can report for a host: passive return codes 0, 1 and 2. */
export const HostState = z.enum(["UP", "DOWN", "UNREACHABLE"]);
export type HostState = z.infer<typeof HostState>;

/**
 * What is shown when nothing is known: PENDING before the first result, STALE when the last one is overdue.
 * Neither is ever drawn green.
 */
export const Unobserved = z.enum(["PENDING", "STALE"]);
export type Unobserved = z.infer<typeof Unobserved>;

/** A service's state as lists, pages and filters show it. */
export const ShownServiceState = z.enum([...ServiceState.options, ...Unobserved.options]);
export type ShownServiceState = z.infer<typeof ShownServiceState>;

/** A host's state as lists, pages and filters show it. */
export const ShownHostState = z.enum([...HostState.options, ...Unobserved.options]);
export type ShownHostState = z.infer<typeof ShownHostState>;

/** SOFT while the attempts before max_check_attempts run, HARD once the state is believed. */
export const StateType = z.enum(["SOFT", "HARD"]);
export type StateType = z.infer<typeof StateType>;
