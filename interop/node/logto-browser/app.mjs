// @logto/browser in a page of another origin. Every button is one call; what came of it stands in #said.
import LogtoClient from '@logto/browser';

const { endpoint, appId, resource, scope } = await (await fetch('/settings.json')).json();
const client = new LogtoClient({ endpoint, appId, resources: [resource], scopes: ['email', scope] });
const home = `${location.origin}/`;
const callback = `${location.origin}/callback`;

/** Shows what an action gives, or its error. */
const say = async (action) => {
  const said = document.getElementById('said');
  said.textContent = '';
  try {
    said.textContent = JSON.stringify(await action());
  } catch (error) {
    said.textContent = JSON.stringify({ error: { name: error.name, code: error.code, message: error.message } });
  }
};

const actions = {
  'sign-in': () => client.signIn(callback),
  read: async () => ({ claims: await client.getIdTokenClaims(), userInfo: await client.fetchUserInfo() }),
  token: () => client.getAccessTokenClaims(resource),
  'sign-out': () => client.signOut(home),
};
for (const [id, action] of Object.entries(actions)) {
  document.getElementById(id).addEventListener('click', () => say(action));
}

await say(async () => {
  if (location.pathname === '/callback' && location.search) {
    await client.handleSignInCallback(location.href);
    history.replaceState(null, '', '/');
  }
  return { isAuthenticated: await client.isAuthenticated() };
});
