export default {
  title: "Who read secrets",
  url: "https://docs.example",
  baseUrl: "/",
  scripts: [{ src: "https://playground.example/embed.js", async: true }],
  presets: [["classic", { docs: { routeBasePath: "/" }, blog: false }]],
  themeConfig: { navbar: { title: "Who read secrets" } },
};
