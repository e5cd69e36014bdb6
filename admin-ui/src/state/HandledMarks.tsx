import DowntimeIcon from "@mui/icons-material/EventBusyOutlined";
import AcknowledgedIcon from "@mui/icons-material/HowToRegOutlined";
import FlappingIcon from "@mui/icons-material/SwapVertOutlined";

interface HandledMarksProps {
  readonly isAcknowledged: boolean;
  readonly isInDowntime: boolean;
  readonly isFlapping: boolean;
  readonly isHostDown?: boolean;
  readonly isPassive?: boolean;
}

/** Small marks beside a state: acknowledged, in downtime, flapping, host down. */
export function HandledMarks({ isAcknowledged, isInDowntime, isFlapping, isHostDown, isPassive }: HandledMarksProps) {
  return (
    <>
      {isAcknowledged ? (
        <span className="mark" title="Acknowledged: somebody is on it">
          <AcknowledgedIcon aria-hidden />
          ack
        </span>
      ) : null}
      {isInDowntime ? (
        <span className="mark" title="In downtime: nobody is told">
          <DowntimeIcon aria-hidden />
          downtime
        </span>
      ) : null}
      {isFlapping ? (
        <span className="mark" title="Flapping: changes state too often">
          <FlappingIcon aria-hidden />
          flapping
        </span>
      ) : null}
      {isHostDown ? (
        <span className="mark" title="Its host is down">
          host down
        </span>
      ) : null}
      {isPassive ? (
        <span className="mark" title="Fed from outside; nothing here runs it">
          passive
        </span>
      ) : null}
    </>
  );
}
