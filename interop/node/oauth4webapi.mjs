// oauth4webapi: every step by hand, for a public client, with every check that the library has.
import { createHash } from 'node:crypto';
import * as oauth from 'oauth4webapi';
import { run } from './client.mjs';
import { Robot } from './robot.mjs';

const insecure = { [oauth.allowInsecureRequests]: true };

/** OpenID Connect Core 3.1.3.6; the library leaves it to the caller in the code flow. */
const checkAtHash = ({ at_hash: given }, accessToken) => {
  const hash = createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url');
  if (given !== undefined && given !== hash) throw new Error('at_hash is of another access token');
  return given !== undefined;
};

await run(async ({ issuer, page, resource, scope, person }) => {
  const server = new URL(issuer);
  const metadata = await oauth.processDiscoveryResponse(server, await oauth.discoveryRequest(server, insecure));
  const client = { client_id: page.id };
  const none = oauth.None();

  const verifier = oauth.generateRandomCodeVerifier();
  const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
  const authorization = new URL(metadata.authorization_endpoint);
  authorization.search = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: page.redirectUri,
    response_type: 'code',
    scope: `openid profile offline_access ${scope}`,
    prompt: 'consent',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    resource,
    state,
    nonce,
  });
  const robot = new Robot((url) => url.origin !== server.origin);
  const landing = await robot.signIn(authorization, person);
  const parameters = oauth.validateAuthResponse(metadata, client, landing.url, state);

  const answer = await oauth.authorizationCodeGrantRequest(
    metadata, client, none, parameters, page.redirectUri, verifier, insecure,
  );
  const tokens = await oauth.processAuthorizationCodeResponse(metadata, client, answer, {
    expectedNonce: nonce,
    requireIdToken: true,
  });
  await oauth.validateApplicationLevelSignature(metadata, answer, insecure);
  const claims = oauth.getValidatedIdTokenClaims(tokens);
  const hasAtHash = checkAtHash(claims, tokens.access_token);

  const answered = await oauth.userInfoRequest(metadata, client, tokens.access_token, insecure);
  const userinfo = await oauth.processUserInfoResponse(metadata, client, claims.sub, answered);

  const refreshing = await oauth.refreshTokenGrantRequest(metadata, client, none, tokens.refresh_token, {
    ...insecure,
    additionalParameters: { resource },
  });
  const forResource = await oauth.processRefreshTokenResponse(metadata, client, refreshing);
  const call = new Request(resource, { headers: { authorization: `Bearer ${forResource.access_token}` } });
  const accessToken = await oauth.validateJwtAccessToken(metadata, call, resource, insecure);

  const revoking = await oauth.revocationRequest(metadata, client, none, forResource.refresh_token, insecure);
  await oauth.processRevocationResponse(revoking);
  const late = await oauth.refreshTokenGrantRequest(metadata, client, none, forResource.refresh_token, insecure);
  const revoked = await oauth.processRefreshTokenResponse(metadata, client, late).catch((error) => error);

  return {
    hasIss: parameters.has('iss'),
    hasAtHash,
    claims,
    userinfo,
    accessToken,
    rotated: forResource.refresh_token !== tokens.refresh_token,
    revoked: revoked.error,
  };
});
