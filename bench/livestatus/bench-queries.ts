import { nagvisServiceCounters } from "../../test/peers/livestatus-viewers.ts";

/** What viewers ask for most. */
export const benchQueries = [
  { name: "NagVis: 16 counters over all services", query: `GET services\n${nagvisServiceCounters}` },
  {
    name: "NagVis: 16 counters over a host group",
    query: `GET servicesbyhostgroup\nFilter: hostgroup_name = even\n${nagvisServiceCounters}Columns: hostgroup_name\n`,
  },
  {
    name: "NagVis: 16 counters by host",
    query: `GET services\n${nagvisServiceCounters}Columns: host_name host_alias\n`,
  },
  {
    name: "one host's services, 20 columns",
    query:
      "GET services\nFilter: host_name = bench7\nColumns: description display_name state host_alias host_address plugin_output notes last_check next_check state_type current_attempt max_check_attempts last_state_change last_hard_state_change perf_data scheduled_downtime_depth acknowledged host_acknowledged has_been_checked host_name\n",
  },
  {
    name: "problems: filter on state, acknowledged, downtime",
    query:
      "GET services\nFilter: state > 0\nFilter: acknowledged = 0\nFilter: scheduled_downtime_depth = 0\nFilter: host_state = 0\nColumns: host_name description state plugin_output last_state_change\n",
  },
  {
    name: "expression over all outputs",
    query: "GET services\nFilter: plugin_output ~~ critical.*[37] seconds\nStats: state >= 0\n",
  },
  {
    name: "all services, 6 columns",
    query: "GET services\nColumns: host_name description state plugin_output last_check perf_data\n",
  },
  {
    name: "all hosts with counts of services",
    query: "GET hosts\nColumns: name state num_services_ok num_services_crit\n",
  },
] as const;
