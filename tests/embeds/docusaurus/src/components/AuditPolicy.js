/** The text of what MDX makes of a fenced block. */
const textOf = (node) => (typeof node === "string" ? node : Array.isArray(node) ? node.map(textOf).join("") : textOf(node?.props?.children ?? ""));

/** The playground with the policy of the fenced block that is in it, and a request. */
export default function AuditPolicy({ request, children, ...rest }) {
  return (
    <audit-policy-playground editable="" {...rest}>
      <pre data-policy="">{textOf(children)}</pre>
      <pre data-request="">{request}</pre>
    </audit-policy-playground>
  );
}
