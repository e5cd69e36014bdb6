// Agents, as the control plane sees them: enrolment, the tokens they sign, the configuration computed for their host, keepalives, the
// stream that carries commands, their results, and their end by revocation.
//
// Any control plane can serve any agent: who an agent is, what it has to run and which commands wait are rows. A stream is held by one
// process; commands reach it by a look at the rows every second, at once when they were created in the same process.

export { type AgentStreams, createAgentStreams } from "./agent-streams.ts";
export { createAgentAuthenticator } from "./authenticate-agent.ts";
export { type ConfigurationSource, createConfigurationSource } from "./configuration-source.ts";
export { createAgents } from "./create-agents.ts";
export { createKeepaliveWriter, type KeepaliveWriter } from "./keepalive-writer.ts";
export { createAgentManagementRoutes } from "./management-routes.ts";
export { createAgentRoutes } from "./routes.ts";
