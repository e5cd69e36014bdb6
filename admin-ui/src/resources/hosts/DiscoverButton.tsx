import DiscoverIcon from "@mui/icons-material/TravelExploreOutlined";
import Button from "@mui/material/Button";
import { useBulkVerb } from "../../actions/useBulkVerb.ts";
import { useConsole, useMayAccess } from "../../providers/hooks.ts";

/** Has the agents of hosts look for what there is to watch; what they find is on the page Discovered. */
export function DiscoverButton({ hostIds, onDone }: { hostIds: number[]; onDone: () => void }) {
  const provider = useConsole();
  const mayDiscover = useMayAccess("act", "service-proposals");
  const discover = useBulkVerb("Looking for what there is to watch", provider.discover, onDone);
  if (!mayDiscover) return null;
  return (
    <Button
      variant="outlined"
      startIcon={<DiscoverIcon />}
      disabled={discover.isPending}
      onClick={() => discover.mutate(hostIds)}
    >
      Discover
    </Button>
  );
}
