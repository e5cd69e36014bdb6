import type { Scenario } from "../providers/fake/index.ts";

/** One screen in one condition. */
export interface Story {
  readonly name: string;
  readonly path: string;
  readonly scenario: Omit<Scenario, "nowMs">;
}

const full: Story["scenario"] = { hostCount: 60, answers: "normal", role: "admin", customer: null, isSignedIn: true };
const empty: Story["scenario"] = { ...full, hostCount: 0 };
const failing: Story["scenario"] = { ...full, answers: "error" };
const waiting: Story["scenario"] = { ...full, answers: "loading" };

const screens: readonly (readonly [name: string, path: string])[] = [
  ["overview", "/"],
  ["problems", "/problems"],
  ["hosts", "/hosts"],
  ["services", "/services"],
  ["timeline", "/timeline"],
  ["logs", "/logs"],
  ["availability", "/availability"],
  ["machines", "/machines"],
  ["backup-repositories", "/backup-repositories"],
  ["backup-runs", "/backup-runs"],
  ["backup-policies", "/backup-policies"],
  ["storage-servers", "/storage-servers"],
  ["downtimes", "/downtimes"],
  ["notifications", "/notifications"],
  ["checks", "/checks"],
  ["service-proposals", "/service-proposals"],
  ["recurring-downtimes", "/recurring-downtimes"],
  ["templates", "/templates"],
  ["host-groups", "/host-groups"],
  ["service-groups", "/service-groups"],
  ["dependencies", "/dependencies"],
  ["time-periods", "/time-periods"],
  ["event-handlers", "/event-handlers"],
  ["forwards", "/forwards"],
  ["contact-groups", "/contact-groups"],
  ["on-call-schedules", "/on-call-schedules"],
  ["notification-rules", "/notification-rules"],
  ["contacts", "/contacts"],
  ["enrolment-tokens", "/enrolment-tokens"],
  ["users", "/users"],
  ["api-tokens", "/api-tokens"],
  ["audit-entries", "/audit-entries"],
];

const definitionPages = [
  ["time-period", "time-periods"],
  ["dependency", "dependencies"],
  ["host-group", "host-groups"],
  ["service-group", "service-groups"],
  ["contact-group", "contact-groups"],
  ["on-call", "on-call-schedules"],
  ["recurring-downtime", "recurring-downtimes"],
  ["event-handler", "event-handlers"],
  ["forward", "forwards"],
  ["template", "templates"],
] as const;

const pages: readonly (readonly [name: string, path: string])[] = [
  ["logs-patterns", "/logs?tab=patterns&order=risen"],
  ["logs-context", "/logs?record=r40"],
  ["host", "/hosts/1/show"],
  ["host-probed", "/hosts/3/show"],
  ["service-create", "/services/create?hostId=3"],
  ["service-edit", "/services/481"],
  ["service-passive", "/services/481/show"],
  ["host-edit", "/hosts/1"],
  ["host-create", "/hosts/create"],
  ["service", "/services/2/show"],
  ["service-hostile", "/services/52/show"],
  ["backup-run", "/backup-runs/3/show"],
  ["backup-repository", "/backup-repositories/1/show"],
  ["backup-repository-frozen", "/backup-repositories/2/show"],
  ["backup-repository-damaged", "/backup-repositories/3/show"],
  ["backup-repository-private", "/backup-repositories/4/show"],
  ["storage-server", "/storage-servers/1/show"],
  ["storage-server-edit", "/storage-servers/1"],
  ["backup-report", "/backup-report"],
  ["account", "/account"],
  ["organisation", "/organisation"],
  ["backup-policy-edit", "/backup-policies/1"],
  ["machine", "/machines/1"],
  ["machine-frozen", "/machines/2"],
  ["machine-file", "/machines/1/files?path=/home/anna&file=/home/anna/notes.txt"],
  ["machine-search", "/machines/1/search"],
  ["machine-compare", "/machines/1/compare"],
  ["machine-now", "/machines/1/now?folder=/home/anna"],
  ["check-edit", "/checks/2"],
  ["check-create", "/checks/create"],
  ["contact-create", "/contacts/create"],
  ["rule-edit", "/notification-rules/2"],
  ["downtime-create", "/downtimes/create"],
  ["enrol", "/enrolment-tokens/create"],
  ["user-edit", "/users/2"],
  ["api-token-create", "/api-tokens/create"],
  ["audit-entry", "/audit-entries/3/show"],
  ["contact-edit", "/contacts/2"],
  ["rule-create", "/notification-rules/create"],
  ["simulation", "/simulation?host=db01.ams.example.org&service=disk&state=CRITICAL"],
  ...definitionPages.flatMap(([name, resource]): (readonly [string, string])[] => [
    [name, `/${resource}/1/show`],
    [`${name}-edit`, `/${resource}/1`],
  ]),
  ["time-period-create", "/time-periods/create"],
  ["on-call-create", "/on-call-schedules/create"],
  ["forward-create", "/forwards/create"],
  ["nowhere", "/no-such-page"],
];

/** Every screen full, empty, loading and failing; and pages that have one condition of interest. */
export const stories: readonly Story[] = [
  { name: "login", path: "/login", scenario: { ...full, isSignedIn: false } },
  ...screens.flatMap(([name, path]) => [
    { name: `${name}-full`, path, scenario: full },
    { name: `${name}-empty`, path, scenario: empty },
    { name: `${name}-loading`, path, scenario: waiting },
    { name: `${name}-error`, path, scenario: failing },
  ]),
  ...pages.map(([name, path]) => ({ name, path, scenario: full })),
  { name: "service-error", path: "/services/2/show", scenario: failing },
  { name: "service-loading", path: "/services/2/show", scenario: waiting },
  { name: "backup-repository-error", path: "/backup-repositories/2/show", scenario: failing },
  { name: "backup-repository-loading", path: "/backup-repositories/2/show", scenario: waiting },
  { name: "backup-repository-viewer", path: "/backup-repositories/2/show", scenario: { ...full, role: "viewer" } },
  {
    name: "machine-frozen-customer",
    path: "/machines/2",
    scenario: { ...full, role: "operator", customer: "acme" },
  },
  { name: "problems-viewer", path: "/problems", scenario: { ...full, role: "viewer" } },
  { name: "service-viewer", path: "/services/2/show", scenario: { ...full, role: "viewer" } },
  { name: "check-viewer", path: "/checks/2", scenario: { ...full, role: "viewer" } },
  { name: "hosts-customer", path: "/hosts", scenario: { ...full, role: "operator", customer: "acme" } },
  { name: "hosts-operator", path: "/hosts", scenario: { ...full, role: "operator" } },
  { name: "hosts-ten-thousand", path: "/hosts", scenario: { ...full, hostCount: 10_000 } },
  { name: "overview-ten-thousand", path: "/", scenario: { ...full, hostCount: 10_000 } },
  { name: "overview-slow", path: "/", scenario: { ...full, answers: "slow" } },
];
