import type { CommandEntry } from "../command-line/command-entry.ts";

/** Every command of `mycloud`, in the order in which help shows them. */
export const commandEntries: readonly CommandEntry[] = [
  {
    name: "up",
    summary: "start control plane, console and an agent for this host, and keep them running",
    group: "Run:",
    load: async (terminal) => (await import("../up/index.ts")).createUpCommand(terminal),
  },
  { name: "server", summary: "run the control plane alone", group: "Run:" },
  {
    name: "agent",
    summary: "enrol and run the agent of a host",
    group: "Run:",
    load: async (terminal) => (await import("../agent-command/index.ts")).createAgentCommand(terminal),
  },
  {
    name: "repo",
    summary: "back up, restore and look after repositories in restic's format",
    group: "Act:",
    load: async (terminal) => (await import("./repo/index.ts")).createRepoCommand(terminal),
  },
  { name: "check", summary: "run one built-in check as a Nagios plugin", group: "Run:" },
  {
    name: "status",
    summary: "one look: hosts and services by state, agents, mail",
    group: "Look:",
    load: async (terminal) => (await import("./status.ts")).createStatusCommand(terminal),
  },
  {
    name: "problem",
    summary: "what is wrong now",
    group: "Look:",
    load: async (terminal) => (await import("./problem.ts")).createProblemCommand(terminal),
  },
  {
    name: "host",
    summary: "list, show and delete hosts",
    group: "Look:",
    load: async (terminal) => (await import("./host.ts")).createHostCommand(terminal),
  },
  {
    name: "service",
    summary: "list and show services",
    group: "Look:",
    load: async (terminal) => (await import("./service.ts")).createServiceCommand(terminal),
  },
  {
    name: "notification",
    summary: "who was told, and what waits to be sent",
    group: "Look:",
    load: async (terminal) => (await import("./notification.ts")).createNotificationCommand(terminal),
  },
  {
    name: "events",
    summary: "follow what changes, a line each",
    group: "Look:",
    load: async (terminal) => (await import("./events.ts")).createEventsCommand(terminal),
  },
  {
    name: "acknowledge",
    summary: "say that somebody is on a problem",
    group: "Act:",
    load: async (terminal) => (await import("./acknowledge.ts")).createAcknowledgeCommand(terminal),
  },
  {
    name: "downtime",
    summary: "plan, list and cancel downtimes",
    group: "Act:",
    load: async (terminal) => (await import("./downtime.ts")).createDowntimeCommand(terminal),
  },
  {
    name: "check-result",
    summary: "submit results of checks that run elsewhere",
    group: "Act:",
    load: async (terminal) => (await import("./check-result.ts")).createCheckResultCommand(terminal),
  },
  {
    name: "apply",
    summary: "make hosts, checks, contacts, rules what YAML files say",
    group: "Define:",
    load: async (terminal) => (await import("./apply/index.ts")).createApplyCommand(terminal),
  },
  {
    name: "export",
    summary: "write the definitions as YAML",
    group: "Define:",
    load: async (terminal) => (await import("./export.ts")).createExportCommand(terminal),
  },
  {
    name: "contact",
    summary: "who can be told",
    group: "Define:",
    load: async (terminal) => (await import("./contact.ts")).createContactCommand(terminal),
  },
  {
    name: "enrolment",
    summary: "one-time tokens that let a host in",
    group: "Set up:",
    load: async (terminal) => (await import("./enrolment.ts")).createEnrolmentCommand(terminal),
  },
  {
    name: "user",
    summary: "people who may use the console",
    group: "Set up:",
    load: async (terminal) => (await import("./user.ts")).createUserCommand(terminal),
  },
  {
    name: "token",
    summary: "API tokens for programs",
    group: "Set up:",
    load: async (terminal) => (await import("./token.ts")).createTokenCommand(terminal),
  },
  {
    name: "login",
    summary: "keep a login to a control plane elsewhere",
    group: "Set up:",
    load: async (terminal) => (await import("./login.ts")).createLoginCommand(terminal),
  },
  {
    name: "logout",
    summary: "forget that login",
    group: "Set up:",
    load: async (terminal) => (await import("./logout.ts")).createLogoutCommand(terminal),
  },
  {
    name: "completion",
    summary: "print completion for bash",
    group: "Other:",
    load: async (terminal) => (await import("./completion.ts")).createCompletionCommand(terminal, commandEntries),
  },
  {
    name: "version",
    summary: "print the version of this program and of its runtime",
    group: "Other:",
    load: async (terminal) => (await import("./version.ts")).createVersionCommand(terminal),
  },
];
