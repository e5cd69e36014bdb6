import { placeholder } from "../grafana-files/index.ts";

const toMyCloud = "MyCloud";
const outside = "Outside MyCloud";

/** Where alerts go: to MyCloud, which notifies by its own rules; and what it could not tell of itself to an address. Pure. */
export function contactPoints(): object {
  return {
    apiVersion: 1,
    contactPoints: [
      {
        orgId: 1,
        name: toMyCloud,
        receivers: [
          {
            uid: "mycloud-webhook",
            type: "webhook",
            settings: {
              url: `${placeholder.controlPlane}/api/v1/webhooks/grafana`,
              httpMethod: "POST",
              authorization_scheme: "Bearer",
              authorization_credentials: `$__file{${placeholder.tokenFile}}`,
            },
          },
        ],
      },
      {
        orgId: 1,
        name: outside,
        receivers: [
          {
            uid: "mycloud-outside",
            type: "email",
            settings: { addresses: placeholder.email, subject: `{{ template "mycloud.title" . }}` },
          },
        ],
      },
    ],
  };
}

/** Provisioning replaces the whole tree of policies: who has one copies these routes into it. Pure. */
export function policies(): object {
  return {
    apiVersion: 1,
    policies: [
      {
        orgId: 1,
        receiver: toMyCloud,
        group_by: ["alertname", "instance", "host", "service"],
        group_wait: "30s",
        group_interval: "5m",
        repeat_interval: "4h",
        routes: [
          {
            receiver: outside,
            object_matchers: [
              ["alertname", "=~", "MyCloudControlPlaneDown|MyCloudIngestStopped|MyCloudNotifications.*"],
            ],
          },
        ],
      },
    ],
  };
}

const title = `{{ define "mycloud.title" }}{{ if gt (len .Alerts.Firing) 0 }}{{ (index .Alerts.Firing 0).Annotations.summary }}{{ else }}Over: {{ (index .Alerts.Resolved 0).Annotations.summary }}{{ end }}{{ end }}`;

/** How mails begin. Pure. */
export function templates(): object {
  return { apiVersion: 1, templates: [{ orgId: 1, name: "mycloud", template: title }] };
}
