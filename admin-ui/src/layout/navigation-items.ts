import type { SvgIconComponent } from "@mui/icons-material";
import EnrolmentIcon from "@mui/icons-material/AddLinkOutlined";
import ContactIcon from "@mui/icons-material/ContactMailOutlined";
import HostIcon from "@mui/icons-material/DnsOutlined";
import DowntimeIcon from "@mui/icons-material/EventBusyOutlined";
import CheckIcon from "@mui/icons-material/FactCheckOutlined";
import AuditIcon from "@mui/icons-material/HistoryOutlined";
import ApiTokenIcon from "@mui/icons-material/KeyOutlined";
import NotificationIcon from "@mui/icons-material/MarkEmailReadOutlined";
import ServiceIcon from "@mui/icons-material/MonitorHeartOutlined";
import UserIcon from "@mui/icons-material/PeopleAltOutlined";
import AvailabilityIcon from "@mui/icons-material/QueryStatsOutlined";
import ProblemIcon from "@mui/icons-material/ReportProblemOutlined";
import RuleIcon from "@mui/icons-material/RuleOutlined";
import OverviewIcon from "@mui/icons-material/SpaceDashboardOutlined";
import TimelineIcon from "@mui/icons-material/TimelineOutlined";
import DiscoveredIcon from "@mui/icons-material/TravelExploreOutlined";

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
      { resource: "timeline", path: "/timeline", text: "Timeline", icon: TimelineIcon, keys: "t" },
      { resource: "availability", path: "/availability", text: "Availability", icon: AvailabilityIcon, keys: "v" },
    ],
  },
  {
    heading: "Respond",
    items: [
      { resource: "downtimes", path: "/downtimes", text: "Downtimes", icon: DowntimeIcon, keys: "d" },
      { resource: "notifications", path: "/notifications", text: "Notifications", icon: NotificationIcon, keys: "n" },
    ],
  },
  {
    heading: "Define",
    items: [
      { resource: "checks", path: "/checks", text: "Checks", icon: CheckIcon, keys: "c" },
      { resource: "service-proposals", path: "/service-proposals", text: "Discovered", icon: DiscoveredIcon },
      {
        resource: "notification-rules",
        path: "/notification-rules",
        text: "Notification rules",
        icon: RuleIcon,
        keys: "r",
      },
      { resource: "contacts", path: "/contacts", text: "Contacts", icon: ContactIcon },
      { resource: "enrolment-tokens", path: "/enrolment-tokens", text: "Enrolment", icon: EnrolmentIcon, keys: "e" },
    ],
  },
  {
    heading: "Administer",
    items: [
      { resource: "users", path: "/users", text: "Users", icon: UserIcon, keys: "u" },
      { resource: "api-tokens", path: "/api-tokens", text: "API tokens", icon: ApiTokenIcon },
      { resource: "audit-entries", path: "/audit-entries", text: "Audit", icon: AuditIcon, keys: "a" },
    ],
  },
];
