import type { Directive } from "@mycloud/checks/nagios-objects";
import type { Remarks } from "./remark.ts";

/** Settings of the main file that change what Nagios does, the value at which they do nothing, and what is here instead. */
const told: readonly (readonly [name: string, idle: string | null, why: string])[] = [
  ["global_host_event_handler", null, "define an EventHandler whose selector covers all hosts"],
  ["global_service_event_handler", null, "define an EventHandler whose selector covers all services"],
  ["execute_service_checks", "1", "checks run here all the same; isEnabled of a Check stops it"],
  ["execute_host_checks", "1", "checks run here all the same; isEnabled of a Check stops it"],
  ["accept_passive_service_checks", "1", "passive results are taken here all the same"],
  ["accept_passive_host_checks", "1", "passive results are taken here all the same"],
  [
    "enable_notifications",
    "1",
    "people are told all the same; disable the imported rules, or send DISABLE_NOTIFICATIONS",
  ],
  ["enable_event_handlers", "1", "send DISABLE_EVENT_HANDLERS"],
  ["translate_passive_host_checks", "0", "a state that somebody sends stays as it was sent"],
  ["passive_host_checks_are_soft", "0", "passive results make a host's state HARD at once"],
  ["soft_state_dependencies", "0", "dependencies look at HARD states"],
  ["obsess_over_services", "0", "a Forward sends results on"],
  ["obsess_over_hosts", "0", "a Forward sends results on"],
  ["ocsp_command", null, "a Forward sends results on"],
  ["ochp_command", null, "a Forward sends results on"],
  ["broker_module", null, "modules are not loaded; Livestatus and the like are part of the control plane"],
  ["host_perfdata_command", null, "perfdata is kept here"],
  ["service_perfdata_command", null, "perfdata is kept here"],
];

/** Says which settings of the main file have no counterpart; those that do nothing are not worth a word. */
export function remarkSettings(settings: ReadonlyMap<string, Directive>, remarks: Remarks): void {
  for (const [name, idle, why] of told) {
    const said = settings.get(name);
    if (said === undefined || said.value === "" || said.value === idle) continue;
    remarks.add(said.place, `${name}=${said.value.slice(0, 80)}`, why);
  }
}
