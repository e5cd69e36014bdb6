// The queries that NagVis, Thruk and Checkmk's multisite send, with their columns, written down from their sources.

const nagvisHost =
  "state plugin_output alias display_name address notes last_check next_check state_type current_attempt max_check_attempts last_state_change last_hard_state_change perf_data acknowledged scheduled_downtime_depth has_been_checked name check_command custom_variable_names custom_variable_values staleness";
const nagvisService =
  "description display_name state host_alias host_address plugin_output notes last_check next_check state_type current_attempt max_check_attempts last_state_change last_hard_state_change perf_data scheduled_downtime_depth acknowledged host_acknowledged host_scheduled_downtime_depth has_been_checked host_name check_command custom_variable_names custom_variable_values staleness";

const quiet = "Stats: scheduled_downtime_depth = 0\nStats: host_scheduled_downtime_depth = 0\n";
const problem = (state: number, staleness: string) =>
  `Stats: state = ${state}\nStats: acknowledged = 0\nStats: host_acknowledged = 0\n${quiet}Stats: staleness ${staleness} 1.5\nStatsAnd: 6\n`;
const handled = (state: number) =>
  `Stats: state = ${state}\nStats: acknowledged = 1\nStats: host_acknowledged = 1\nStatsOr: 2\nStatsAnd: 2\nStats: state = ${state}\nStats: scheduled_downtime_depth > 0\nStats: host_scheduled_downtime_depth > 0\nStatsOr: 2\nStatsAnd: 2\n`;

/** NagVis' sixteen counters of services. */
export const nagvisServiceCounters = [
  "Stats: has_been_checked = 0\n",
  `Stats: state = 0\nStats: has_been_checked != 0\n${quiet}Stats: staleness < 1.5\nStatsAnd: 5\n`,
  `Stats: state = 0\nStats: has_been_checked != 0\n${quiet}Stats: staleness >= 1.5\nStatsAnd: 5\n`,
  "Stats: state = 0\nStats: has_been_checked != 0\nStats: scheduled_downtime_depth > 0\nStats: host_scheduled_downtime_depth > 0\nStatsOr: 2\nStatsAnd: 3\n",
  ...[1, 2, 3].flatMap((state) => [problem(state, "<"), problem(state, ">="), handled(state)]),
].join("");

const hostCounters = [0, 1, 2]
  .map(
    (state) =>
      `Stats: state = ${state}\nStats: has_been_checked != 0\nStats: scheduled_downtime_depth = 0\nStatsAnd: 3\n`,
  )
  .join("");

const thrukStatus =
  "accept_passive_host_checks accept_passive_service_checks check_external_commands check_host_freshness check_service_freshness enable_event_handlers enable_flap_detection enable_notifications execute_host_checks execute_service_checks last_command_check last_log_rotation livestatus_version nagios_pid obsess_over_hosts obsess_over_services process_performance_data program_start program_version interval_length";
const thrukHost =
  "accept_passive_checks acknowledged action_url action_url_expanded active_checks_enabled address alias check_command check_freshness check_interval check_options check_period check_type checks_enabled childs comments current_attempt current_notification_number event_handler event_handler_enabled execution_time custom_variable_names custom_variable_values first_notification_delay flap_detection_enabled groups has_been_checked high_flap_threshold icon_image icon_image_alt icon_image_expanded is_executing is_flapping last_check last_notification last_state_change latency low_flap_threshold max_check_attempts name next_check notes notes_expanded notes_url notes_url_expanded notification_interval notification_period notifications_enabled num_services_crit num_services_ok num_services_pending num_services_unknown num_services_warn num_services obsess_over_host parents percent_state_change perf_data plugin_output process_performance_data retry_interval scheduled_downtime_depth state state_type modified_attributes_list last_time_down last_time_unreachable last_time_up display_name in_check_period in_notification_period contacts contact_groups long_plugin_output services comments_with_info downtimes_with_info last_update is_impact source_problems impacts criticity is_problem realm poller_tag";
const thrukService =
  "accept_passive_checks acknowledged action_url action_url_expanded active_checks_enabled check_command check_interval check_options check_period check_type checks_enabled comments current_attempt current_notification_number description event_handler event_handler_enabled custom_variable_names custom_variable_values execution_time first_notification_delay flap_detection_enabled groups has_been_checked high_flap_threshold host_acknowledged host_action_url_expanded host_active_checks_enabled host_address host_alias host_checks_enabled host_check_type host_latency host_plugin_output host_perf_data host_current_attempt host_check_command host_comments host_groups host_has_been_checked host_icon_image_expanded host_icon_image_alt host_is_executing host_is_flapping host_name host_notes_url_expanded host_notifications_enabled host_scheduled_downtime_depth host_state host_accept_passive_checks host_last_state_change icon_image icon_image_alt icon_image_expanded is_executing is_flapping last_check last_notification last_state_change latency low_flap_threshold max_check_attempts next_check notes notes_expanded notes_url notes_url_expanded notification_interval notification_period notifications_enabled obsess_over_service percent_state_change perf_data plugin_output process_performance_data retry_interval scheduled_downtime_depth state state_type modified_attributes_list last_time_critical last_time_ok last_time_unknown last_time_warning display_name host_display_name host_custom_variable_names host_custom_variable_values in_check_period in_notification_period host_parents contacts contact_groups host_contacts host_contact_groups long_plugin_output comments_with_info downtimes_with_info last_update is_impact source_problems impacts criticity is_problem host_notes";
const tactical = (table: string, states: number) =>
  `GET ${table}\n${[
    "Stats: check_type = 0",
    "Stats: has_been_checked = 0",
    "Stats: has_been_checked = 0\nStats: scheduled_downtime_depth > 0\nStatsAnd: 2",
    ...Array.from({ length: states }, (_, state) =>
      [
        `Stats: has_been_checked = 1\nStats: state = ${state}\nStatsAnd: 2`,
        `Stats: state = ${state}\nStats: acknowledged = 1\nStatsAnd: 2`,
        `Stats: state = ${state}\nStats: active_checks_enabled = 0\nStats: check_type = 0\nStats: scheduled_downtime_depth = 0\nStatsAnd: 4`,
      ].join("\n"),
    ),
    "Stats: is_flapping = 1",
    "Stats: flap_detection_enabled = 0",
    "Stats: notifications_enabled = 0",
    "Stats: event_handler_enabled = 0",
    "Stats: accept_passive_checks = 0",
  ].join("\n")}\n`;

const checkmkService =
  "host_name host_state host_has_been_checked host_acknowledged host_scheduled_downtime_depth host_labels host_label_sources host_custom_variable_names host_custom_variable_values host_filename host_pnpgraph_present host_check_type host_accept_passive_checks host_in_notification_period host_in_service_period host_in_check_period host_is_flapping host_modified_attributes_list host_notifications_enabled host_active_checks_enabled host_comments_with_extra_info host_action_url_expanded host_notes_url_expanded host_icon_image host_staleness host_tags service_description";
const checkmkServiceOwn =
  "description state has_been_checked acknowledged scheduled_downtime_depth plugin_output long_plugin_output perf_data check_command last_state_change last_check next_check last_time_ok next_notification last_notification check_interval check_type cache_interval cached_at staleness labels label_names label_values label_sources tags tag_names tag_values custom_variables custom_variable_names custom_variable_values contacts contact_groups groups metrics pnpgraph_present in_notification_period in_service_period in_check_period in_passive_check_period is_flapping percent_state_change modified_attributes_list notifications_enabled active_checks_enabled accept_passive_checks comments_with_extra_info downtimes downtimes_with_extra_info action_url_expanded notes_url_expanded icon_image max_check_attempts current_attempt current_notification_number notification_postponement_reason";
const checkmkHost =
  "name alias address state has_been_checked acknowledged scheduled_downtime_depth num_services num_services_ok num_services_warn num_services_crit num_services_unknown num_services_pending num_services_handled_problems num_services_unhandled_problems services_with_fullstate services_with_state services_with_info worst_service_state worst_service_hard_state parents childs groups contacts contact_groups custom_variables labels tags filename plugin_output perf_data last_check last_state_change check_command staleness hard_state metrics";

/** What Thruk asks beyond its usual columns, for details, exports and its REST interface. */
const thrukMore = {
  hosts: "contacts contact_groups long_plugin_output services comments_with_info downtimes_with_info last_update",
  shinken: "is_impact source_problems impacts criticity is_problem got_business_rule parent_dependencies poller_tag",
  services:
    "contacts contact_groups long_plugin_output comments_with_info downtimes_with_info host_contacts host_contact_groups last_update",
  hostGroups:
    "num_hosts num_hosts_down num_hosts_pending num_hosts_unreach num_hosts_up num_services num_services_hard_crit num_services_hard_ok num_services_hard_unknown num_services_hard_warn num_services_crit num_services_ok num_services_pending num_services_unknown num_services_warn worst_host_state worst_service_hard_state worst_service_state",
  serviceGroups:
    "num_services num_services_hard_crit num_services_hard_ok num_services_hard_unknown num_services_hard_warn num_services_crit num_services_ok num_services_pending num_services_unknown num_services_warn worst_service_state",
  contacts:
    "id can_submit_commands groups modified_attributes_list custom_variable_names custom_variable_values host_notifications_enabled service_notifications_enabled host_notification_commands service_notification_commands in_host_notification_period in_service_notification_period address1 address2 address3 address4 address5 last_update",
  performance:
    "cached_log_messages connections connections_rate host_checks host_checks_rate requests requests_rate service_checks service_checks_rate neb_callbacks neb_callbacks_rate log_messages log_messages_rate forks forks_rate",
};

/** Thruk asks comments and downtimes for the columns of their service, those of its host among them. */
const ofService = (columns: string) =>
  columns
    .split(" ")
    .map((name) => (name.startsWith("host_") ? name : `service_${name}`))
    .join(" ");

/** Thruk's counters where SOFT states count as fine: `OK or SOFT` and `this state, HARD`. */
const hardCounters = (table: string, states: number) =>
  `GET ${table}\n${[
    "Stats: has_been_checked = 1\nStats: state_type = 0\nStats: state = 0\nStatsOr: 2\nStatsAnd: 2",
    ...Array.from({ length: states - 1 }, (_, index) =>
      [
        `Stats: state_type = 1\nStats: state = ${index + 1}\nStatsAnd: 2`,
        `Stats: state_type = 1\nStats: state = ${index + 1}\nStats: acknowledged = 0\nStats: scheduled_downtime_depth = 0\nStats: active_checks_enabled = 1\nStatsAnd: 5`,
      ].join("\n"),
    ),
  ].join("\n")}\n`;

const executionFigures = ["execution_time", "latency", "percent_state_change"]
  .flatMap((column) => ["sum", "avg", "min", "max"].map((figure) => `Stats: ${figure} ${column}\n`))
  .join("");

/** Checkmk writes the table before every column, its own as well. */
const withPrefix = (prefix: string, columns: string) =>
  columns
    .split(" ")
    .map((name) => (name.startsWith("host_") ? name : `${prefix}_${name}`))
    .join(" ");

const within = `Filter: time >= ${Math.floor(Date.now() / 1000) - 86_400}\nFilter: time <= ${Math.floor(Date.now() / 1000) + 60}\n`;

const queries = [
  `GET hosts\nColumns: ${nagvisHost}\nFilter: name = web1\n`,
  `GET services\nFilter: host_name = web1\nFilter: service_description = http\nColumns: ${nagvisService}\n`,
  `GET services\nFilter: host_name = web1\nFilter: description = http\nAnd: 2\nFilter: host_name = web2\nFilter: description = http\nAnd: 2\nOr: 2\nColumns: ${nagvisService}\n`,
  "GET downtimes\nColumns: author comment start_time end_time\nFilter: host_name = web1\nFilter: service_description = http\n",
  `GET services\nFilter: host_name = web1\n${nagvisServiceCounters}Columns: host_name host_alias\n`,
  `GET servicesbyhostgroup\nFilter: hostgroup_name = web\n${nagvisServiceCounters}Columns: hostgroup_name\n`,
  `GET servicesbygroup\nFilter: servicegroup_name = web\n${nagvisServiceCounters}Columns: servicegroup_name servicegroup_alias\n`,
  `GET hostsbygroup\nFilter: hostgroup_name = web\n${hostCounters}Columns: hostgroup_name hostgroup_alias\n`,
  `GET hosts\nFilter: name = web1\n${hostCounters}`,
  "GET hosts\nColumns: childs\nFilter: name = web1\n",
  "GET hosts\nColumns: parents\nFilter: name = web1\n",
  "GET hosts\nColumns: name\nFilter: parents =\n",
  "GET hosts\nColumns: child_dependencies\nFilter: name = web1\n",
  "GET hosts\nColumns: parent_dependencies\nFilter: name = web1\n",
  "GET hosts\nColumns: name custom_variable_names custom_variable_values\n",
  "GET status\nColumns: program_start\n",
  "GET status\nColumns: livestatus_version\n",
  "GET hostgroups\nColumns: members\nFilter: name = web\n",
  "GET contactgroups\nColumns: name members\n",
  "GET contactgroups\nColumns: name\nFilter: members >= admin\n",
  ...["hosts", "hostgroups", "servicegroups"].map(
    (table) => `GET ${table}\nColumns: name alias\nFilter: name !~~ x.*y\nFilter: name ~~ .\nOr: 2\nNegate:\n`,
  ),
  `GET hosts\nColumns: name\nAuthUser: admin@localhost\n`,
  `GET status\nColumns: ${thrukStatus}\n`,
  `GET hosts\nColumns: ${thrukHost}\nSort: name asc\nLimit: 100\nOffset: 0\n`,
  `GET services\nColumns: ${thrukService}\nSort: host_name asc\nSort: description asc\n`,
  tactical("hosts", 3),
  tactical("services", 4),
  "GET hosts\nStats: childs !=\nStats: state = 1\nStatsAnd: 2\n",
  `GET log\nColumns: class time type state host_name service_description plugin_output message options state_type contact_name\n${within}Filter: class = 1\nFilter: type ~ HOST ALERT\nFilter: type ~ SERVICE ALERT\nOr: 2\n`,
  "GET comments\nColumns: author comment entry_time entry_type expires expire_time host_name id persistent service_description source type\n",
  "GET downtimes\nColumns: author comment end_time entry_time fixed host_name id start_time service_description triggered_by duration\n",
  "GET contacts\nColumns: name alias email pager service_notification_period host_notification_period can_submit_commands groups address1 address2 address3 address4 address5 address6\n",
  "GET timeperiods\nColumns: name alias in exclusions\n",
  "GET commands\nColumns: name line\n",
  "GET hostgroups\nColumns: name alias members action_url notes notes_url\n",
  "GET servicegroups\nColumns: name alias members action_url notes notes_url\n",
  `GET services\nColumns: ${checkmkService} ${checkmkServiceOwn}\nLocaltime: ${Math.floor(Date.now() / 1000)}\nTimelimit: 10\n`,
  `GET hosts\nColumns: ${checkmkHost}\nOrderBy: name asc\n`,
  "GET status\nColumns: livestatus_version program_version program_start num_hosts num_services core_pid\n",
  "GET columns\nColumns: table name type description\n",
  `GET log\nColumns: log_time log_type\n${within}Limit: 1\n`,
  "GET hosts\nColumns: name downtimes comments\n",
  `GET hosts\nColumns: ${thrukHost} ${thrukMore.hosts} ${thrukMore.shinken} realm\nFilter: name != \nFilter: state = 1\nFilter: state = 0\nOr: 2\n`,
  `GET services\nColumns: ${thrukService} ${thrukMore.services} ${thrukMore.shinken} depends_exec depends_notify parents\n`,
  `GET hostgroups\nColumns: name alias members action_url notes notes_url ${thrukMore.hostGroups}\n`,
  `GET servicegroups\nColumns: name alias members action_url notes notes_url ${thrukMore.serviceGroups}\n`,
  `GET contacts\nColumns: name alias email pager ${thrukMore.contacts}\nFilter: name = admin\n`,
  `GET status\nColumns: ${thrukMore.performance}\n`,
  `GET comments\nColumns: id comment ${ofService(`${thrukService} ${thrukMore.services}`)}\n`,
  `GET downtimes\nColumns: id comment ${ofService(`${thrukService} ${thrukMore.services}`)}\n`,
  "GET services\nColumns: host_has_been_checked host_name host_state host_scheduled_downtime_depth host_acknowledged has_been_checked state scheduled_downtime_depth acknowledged\nFilter: state = 2\n",
  "GET services\nColumns: description\nStats: description != \n",
  "GET hosts\nColumns: name custom_variable_names custom_variable_values\nFilter: custom_variable_names >= THRUK_BP_ID\n",
  hardCounters("hosts", 3),
  hardCounters("services", 4),
  "GET services\nStats: state_type = 1\nStats: state = 2\nStats: host_state != 0\nStatsAnd: 3\nStats: check_type = 1\nStats: has_been_checked = 1\nStats: last_check >= 1\nStatsAnd: 3\n",
  ...["hosts", "services"].map(
    (table) => `GET ${table}\nFilter: check_type = 0\nFilter: has_been_checked = 1\n${executionFigures}`,
  ),
  "GET timeperiods\nColumns: name alias in days exclusions exceptions_calendar_dates exceptions_month_date exceptions_month_day exceptions_month_week_day exceptions_week_day\n",
  // Nagstamon: every column, with its name.
  ...["hosts", "services"].map(
    (table) => `GET ${table}\nColumnHeaders: on\nFilter: state != 0\nFilter: acknowledged != 1\n`,
  ),
  // Multisite: the table's own name before every column; one figure a host for its side bar; alert statistics of the log.
  `GET services\nColumns: ${withPrefix("service", checkmkServiceOwn)} ${checkmkService}\nFilter: service_state != 0\n`,
  `GET hosts\nColumns: ${withPrefix("host", checkmkHost)}\nFilter: host_state != 0\n`,
  "GET hostgroups\nColumns: hostgroup_name hostgroup_alias hostgroup_num_hosts hostgroup_num_services_hard_crit hostgroup_members_with_state\n",
  "GET servicegroups\nColumns: servicegroup_name servicegroup_alias servicegroup_num_services servicegroup_members_with_state\n",
  "GET hostsbygroup\nColumns: host_name host_state host_services_with_state hostgroup_name hostgroup_alias\n",
  "GET servicesbygroup\nColumns: host_name service_description service_state servicegroup_name servicegroup_alias\n",
  "GET servicesbyhostgroup\nColumns: host_name service_description service_state hostgroup_name hostgroup_alias\n",
  "GET comments\nColumns: comment_id comment_author comment_comment comment_entry_time comment_entry_type comment_expires comment_expire_time comment_persistent comment_source comment_type host_name service_description\n",
  "GET downtimes\nColumns: downtime_id downtime_author downtime_comment downtime_start_time downtime_end_time downtime_fixed downtime_duration downtime_origin downtime_recurring host_name service_description host_downtimes service_downtimes\n",
  `GET log\nColumns: log_time log_lineno log_type log_message log_plugin_output log_state log_state_type log_attempt log_contact_name log_command_name host_name service_description current_host_groups current_service_check_command current_contact_alias\n${within}Filter: class = 1\nFilter: class = 3\nFilter: class = 8\nOr: 3\nFilter: service_description = \n`,
  `GET log\nColumns: host_name service_description\n${within}Filter: class = 1\nStats: state = 0\nStats: state = 1\nStats: state = 2\nStats: state = 3\nStats: state != 0\n`,
  `GET statehist\nColumns: host_name service_description\n${within}Stats: sum duration_ok\nStats: sum duration_warning\nStats: sum duration_critical\nStats: sum duration_unknown\nStats: sum duration_unmonitored\n`,
];

/** Each as its viewer asks for it. */
export const viewerQueries: readonly string[] = queries.map((query) => `${query}OutputFormat: json\n`);
