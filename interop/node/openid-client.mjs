// openid-client, strict: every signature is checked, although TLS would do for the code flow.
import * as client from 'openid-client';
import { refusal, run } from './client.mjs';
import { Robot } from './robot.mjs';

const execute = [client.allowInsecureRequests, client.enableNonRepudiationChecks];

/** Makes a machine application whose keys are registered, and gets its token by an assertion that it signs. */
const tokenByAssertion = async (server, manager, resource) => {
  const { privateKey: key, publicKey } = await crypto.subtle.generateKey(
    { name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'],
  );
  const kid = client.randomState();
  const jwk = { ...(await crypto.subtle.exportKey('jwk', publicKey)), kid, use: 'sig', alg: 'ES256' };
  const indicator = 'https://default.logto.app/api';
  const management = await client.clientCredentialsGrant(manager, { resource: indicator, scope: 'all' });
  const oidcClientMetadata = {
    redirectUris: [], postLogoutRedirectUris: [], tokenEndpointAuthMethod: 'private_key_jwt', jwks: { keys: [jwk] },
  };
  const answer = await client.fetchProtectedResource(
    manager,
    management.access_token,
    new URL('/api/applications', server),
    'POST',
    JSON.stringify({ name: 'Signing', type: 'MachineToMachine', oidcClientMetadata }),
    new Headers({ 'content-type': 'application/json' }),
  );
  const { id } = await answer.json();
  const config = await client.discovery(server, id, undefined, client.PrivateKeyJwt({ key, kid }), { execute });
  return client.clientCredentialsGrant(config, { resource });
};

await run(async ({ issuer, web, machine, resource, person }) => {
  const server = new URL(issuer);
  const config = await client.discovery(server, web.id, undefined, client.ClientSecretPost(web.secret), { execute });
  const { introspection_endpoint: introspection, token_endpoint_auth_methods_supported: methods } = config.serverMetadata();

  const [verifier, state, nonce] = [client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()];
  const authorization = client.buildAuthorizationUrl(config, {
    redirect_uri: web.redirectUri,
    scope: 'openid profile email offline_access',
    prompt: 'consent',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    resource,
    state,
    nonce,
  });
  const robot = new Robot((url) => url.origin !== server.origin);
  const landing = await robot.signIn(authorization, person);
  const tokens = await client.authorizationCodeGrant(config, landing.url, {
    pkceCodeVerifier: verifier,
    expectedState: state,
    expectedNonce: nonce,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  const userinfo = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
  const reused = await refusal(
    client.authorizationCodeGrant(config, landing.url, {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
    }),
  );

  const lost = await refusal(client.refreshTokenGrant(config, tokens.refresh_token));

  // The reuse took the tokens with it. The browser is still signed in, and gets others without a page.
  const again = client.buildAuthorizationUrl(config, {
    redirect_uri: web.redirectUri,
    scope: 'openid offline_access',
    prompt: 'consent',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    resource,
    state,
  });
  const second = await client.authorizationCodeGrant(config, (await robot.open(again)).url, {
    pkceCodeVerifier: verifier,
    expectedState: state,
  });
  const refreshed = await client.refreshTokenGrant(config, second.refresh_token);
  const forResource = await client.refreshTokenGrant(config, refreshed.refresh_token ?? second.refresh_token, { resource });
  const last = forResource.refresh_token ?? refreshed.refresh_token ?? second.refresh_token;
  const active = introspection && (await client.tokenIntrospection(config, refreshed.access_token));
  await client.tokenRevocation(config, last);
  const revoked = await refusal(client.refreshTokenGrant(config, last));
  const inactive = introspection && (await client.tokenIntrospection(config, last));

  const back = await client.discovery(server, machine.id, undefined, client.ClientSecretBasic(machine.secret), { execute });
  const own = await client.clientCredentialsGrant(back, { resource });
  const signed = methods.includes('private_key_jwt') && (await tokenByAssertion(server, back, resource));

  const end = client.buildEndSessionUrl(config, {
    id_token_hint: second.id_token,
    post_logout_redirect_uri: web.postLogoutUri,
    state,
  });
  const ended = await robot.open(end);
  const afterwards = await robot.open(again);

  return {
    claims,
    userinfo,
    reused: [reused.error, lost.error],
    refreshed: refreshed.claims()?.sub,
    tokenTypes: [tokens, refreshed, forResource, own].map(({ token_type: type }) => type),
    scopes: [tokens, forResource, own].map(({ scope }) => scope),
    revoked: revoked.error,
    introspection: introspection ? [active.active, active.sub, inactive.active] : null,
    privateKeyJwt: signed ? signed.token_type : null,
    ended: [ended.url.origin + ended.url.pathname, ended.url.searchParams.get('state') === state],
    afterwards: afterwards.url.pathname,
  };
});
