import HostIcon from "@mui/icons-material/DnsOutlined";
import Button from "@mui/material/Button";
import { Link } from "react-router-dom";
import { Message } from "../../layout/Message.tsx";
import { useMayAct } from "../../providers/hooks.ts";

/** No host yet: how the first one comes in. */
export function HostEmpty() {
  const mayAct = useMayAct();
  return (
    <Message title="No hosts yet" icon={<HostIcon className="big" />}>
      <p>A host appears when its agent enrols with a one-time token, or when somebody sends results for it.</p>
      <p>
        <code className="mono">mycloud agent enrol --server {window.location.origin} --token …</code>
      </p>
      {mayAct ? (
        <Button component={Link} to="/enrolment-tokens/create" variant="contained">
          Create an enrolment token
        </Button>
      ) : null}
    </Message>
  );
}
