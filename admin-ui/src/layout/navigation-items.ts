import type { SvgIconComponent } from "@mui/icons-material";
import DependencyIcon from "@mui/icons-material/AccountTreeOutlined";
import EnrolmentIcon from "@mui/icons-material/AddLinkOutlined";
import LogIcon from "@mui/icons-material/ArticleOutlined";
import RepositoryIcon from "@mui/icons-material/BackupOutlined";
import EventHandlerIcon from "@mui/icons-material/BoltOutlined";
import CustomerIcon from "@mui/icons-material/BusinessOutlined";
import TrapRuleIcon from "@mui/icons-material/CampaignOutlined";
import RunIcon from "@mui/icons-material/CloudSyncOutlined";
import MachineIcon from "@mui/icons-material/ComputerOutlined";
import ContactIcon from "@mui/icons-material/ContactMailOutlined";
import TemplateIcon from "@mui/icons-material/ContentCopyOutlined";
import HostIcon from "@mui/icons-material/DnsOutlined";
import DowntimeIcon from "@mui/icons-material/EventBusyOutlined";
import RecurringIcon from "@mui/icons-material/EventRepeatOutlined";
import CheckIcon from "@mui/icons-material/FactCheckOutlined";
import LogForwardIcon from "@mui/icons-material/ForwardOutlined";
import ForwardIcon from "@mui/icons-material/ForwardToInboxOutlined";
import ContactGroupIcon from "@mui/icons-material/GroupsOutlined";
import AuditIcon from "@mui/icons-material/HistoryOutlined";
import RegistrationIcon from "@mui/icons-material/HowToRegOutlined";
import LogSourceIcon from "@mui/icons-material/InputOutlined";
import ApiTokenIcon from "@mui/icons-material/KeyOutlined";
import HostGroupIcon from "@mui/icons-material/LanOutlined";
import ServiceGroupIcon from "@mui/icons-material/LayersOutlined";
import QueryIcon from "@mui/icons-material/ManageSearchOutlined";
import NotificationIcon from "@mui/icons-material/MarkEmailReadOutlined";
import ServiceIcon from "@mui/icons-material/MonitorHeartOutlined";
import LogDestinationIcon from "@mui/icons-material/OutputOutlined";
import UserIcon from "@mui/icons-material/PeopleAltOutlined";
import PolicyIcon from "@mui/icons-material/PolicyOutlined";
import ZoneIcon from "@mui/icons-material/PublicOutlined";
import MetricsPushIcon from "@mui/icons-material/PublishOutlined";
import AvailabilityIcon from "@mui/icons-material/QueryStatsOutlined";
import ProblemIcon from "@mui/icons-material/ReportProblemOutlined";
import SnmpIcon from "@mui/icons-material/RouterOutlined";
import RuleIcon from "@mui/icons-material/RuleOutlined";
import TimePeriodIcon from "@mui/icons-material/ScheduleOutlined";
import SimulationIcon from "@mui/icons-material/ScienceOutlined";
import LogSenderIcon from "@mui/icons-material/SettingsInputAntennaOutlined";
import OverviewIcon from "@mui/icons-material/SpaceDashboardOutlined";
import RemoteWriteIcon from "@mui/icons-material/SsidChartOutlined";
import StorageIcon from "@mui/icons-material/StorageOutlined";
import ServerIcon from "@mui/icons-material/StorageRounded";
import OnCallIcon from "@mui/icons-material/SupportAgentOutlined";
import TimelineIcon from "@mui/icons-material/TimelineOutlined";
import DiscoveredIcon from "@mui/icons-material/TravelExploreOutlined";
import NameServerIcon from "@mui/icons-material/TuneOutlined";
import ViewIcon from "@mui/icons-material/VisibilityOutlined";
import TsigKeyIcon from "@mui/icons-material/VpnKeyOutlined";

/** One entry of the navigation. `keys` is what follows `g` on the keyboard. */
export interface NavigationItem {
  readonly resource: string;
  readonly path: string;
  readonly text: string;
  readonly icon: SvgIconComponent;
  readonly keys?: string;
}

/** The navigation, in the order of use. */
export const navigation: readonly { readonly heading: string; readonly items: readonly NavigationItem[] }[] = [
  {
    heading: "Watch",
    items: [
      { resource: "overview", path: "/", text: "Overview", icon: OverviewIcon, keys: "o" },
      { resource: "problems", path: "/problems", text: "Problems", icon: ProblemIcon, keys: "p" },
      { resource: "hosts", path: "/hosts", text: "Hosts", icon: HostIcon, keys: "h" },
      { resource: "services", path: "/services", text: "Services", icon: ServiceIcon, keys: "s" },
      { resource: "logs", path: "/logs", text: "Logs", icon: LogIcon, keys: "l" },
      { resource: "timeline", path: "/timeline", text: "Timeline", icon: TimelineIcon, keys: "t" },
      { resource: "availability", path: "/availability", text: "Availability", icon: AvailabilityIcon, keys: "v" },
    ],
  },
  {
    heading: "Back up",
    items: [
      { resource: "machines", path: "/machines", text: "Machines", icon: MachineIcon, keys: "m" },
      {
        resource: "backup-repositories",
        path: "/backup-repositories",
        text: "Backups",
        icon: RepositoryIcon,
        keys: "b",
      },
      { resource: "backup-runs", path: "/backup-runs", text: "Backup runs", icon: RunIcon },
      { resource: "backup-policies", path: "/backup-policies", text: "Backup policies", icon: PolicyIcon },
      { resource: "storage-servers", path: "/storage-servers", text: "Storage servers", icon: StorageIcon },
    ],
  },
  {
    heading: "Respond",
    items: [
      { resource: "downtimes", path: "/downtimes", text: "Downtimes", icon: DowntimeIcon, keys: "d" },
      {
        resource: "recurring-downtimes",
        path: "/recurring-downtimes",
        text: "Recurring",
        icon: RecurringIcon,
      },
      { resource: "notifications", path: "/notifications", text: "Notifications", icon: NotificationIcon, keys: "n" },
    ],
  },
  {
    heading: "Define",
    items: [
      { resource: "checks", path: "/checks", text: "Checks", icon: CheckIcon, keys: "c" },
      { resource: "service-proposals", path: "/service-proposals", text: "Discovered", icon: DiscoveredIcon },
      { resource: "templates", path: "/templates", text: "Templates", icon: TemplateIcon },
      { resource: "host-groups", path: "/host-groups", text: "Host groups", icon: HostGroupIcon },
      { resource: "service-groups", path: "/service-groups", text: "Service groups", icon: ServiceGroupIcon },
      { resource: "dependencies", path: "/dependencies", text: "Dependencies", icon: DependencyIcon },
      { resource: "time-periods", path: "/time-periods", text: "Time periods", icon: TimePeriodIcon, keys: "w" },
      { resource: "event-handlers", path: "/event-handlers", text: "Event handlers", icon: EventHandlerIcon },
      { resource: "forwards", path: "/forwards", text: "Forwards", icon: ForwardIcon },
      { resource: "snmp-credentials", path: "/snmp-credentials", text: "SNMP credentials", icon: SnmpIcon },
      { resource: "trap-rules", path: "/trap-rules", text: "Trap rules", icon: TrapRuleIcon },
      { resource: "enrolment-tokens", path: "/enrolment-tokens", text: "Enrolment", icon: EnrolmentIcon, keys: "e" },
    ],
  },
  {
    heading: "Collect logs",
    items: [
      { resource: "log-sources", path: "/log-sources", text: "Log sources", icon: LogSourceIcon },
      { resource: "log-senders", path: "/log-senders", text: "Log senders", icon: LogSenderIcon },
      { resource: "log-destinations", path: "/log-destinations", text: "Log destinations", icon: LogDestinationIcon },
      { resource: "log-forwards", path: "/log-forwards", text: "Log forwards", icon: LogForwardIcon },
    ],
  },
  {
    heading: "Collect metrics",
    items: [
      { resource: "metrics-pushes", path: "/metrics-pushes", text: "Metrics pushes", icon: MetricsPushIcon },
      { resource: "remote-writes", path: "/remote-writes", text: "Remote writes", icon: RemoteWriteIcon },
    ],
  },
  {
    heading: "DNS",
    items: [
      { resource: "dns/zones", path: "/dns/zones", text: "Zones", icon: ZoneIcon, keys: "z" },
      { resource: "dns/servers", path: "/dns/servers", text: "Name servers", icon: ServerIcon },
      { resource: "dns/query", path: "/dns/query", text: "Test a query", icon: QueryIcon },
      { resource: "tsig-keys", path: "/tsig-keys", text: "TSIG keys", icon: TsigKeyIcon },
      { resource: "dns-views", path: "/dns-views", text: "DNS views", icon: ViewIcon },
      {
        resource: "dns-registrations",
        path: "/dns-registrations",
        text: "DNS registrations",
        icon: RegistrationIcon,
      },
      {
        resource: "name-server-settings",
        path: "/name-server-settings",
        text: "Name server settings",
        icon: NameServerIcon,
      },
    ],
  },
  {
    heading: "Tell",
    items: [
      {
        resource: "notification-rules",
        path: "/notification-rules",
        text: "Notification rules",
        icon: RuleIcon,
        keys: "r",
      },
      { resource: "contacts", path: "/contacts", text: "Contacts", icon: ContactIcon },
      { resource: "contact-groups", path: "/contact-groups", text: "Contact groups", icon: ContactGroupIcon },
      { resource: "on-call-schedules", path: "/on-call-schedules", text: "On call", icon: OnCallIcon },
      { resource: "simulation", path: "/simulation", text: "Who would be told", icon: SimulationIcon, keys: "i" },
    ],
  },
  {
    heading: "Administer",
    items: [
      { resource: "customers", path: "/customers", text: "Customers", icon: CustomerIcon },
      { resource: "users", path: "/users", text: "Users", icon: UserIcon, keys: "u" },
      { resource: "api-tokens", path: "/api-tokens", text: "API tokens", icon: ApiTokenIcon },
      { resource: "audit-entries", path: "/audit-entries", text: "Audit", icon: AuditIcon, keys: "a" },
    ],
  },
];
