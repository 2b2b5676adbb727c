// Starts the API reference on this page. Nothing is fetched from other servers.
Scalar.createApiReference("#reference", {
  url: "/api/swagger.json",
  authentication: { preferredSecurityScheme: "token" },
  agent: { disabled: true },
  mcp: { disabled: true },
  telemetry: false,
  withDefaultFonts: false,
  hideClientButton: true,
  showDeveloperTools: "never",
  documentDownloadType: "json",
  // The addresses of chapters keep their case: /api#tag/Verification-Codes
  generateTagSlug: (tag) => tag.name.replaceAll(" ", "-"),
});
