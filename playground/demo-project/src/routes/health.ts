import { authVersion } from '../version.ts';

/** `GET /health`: the version is that of the Auth server it reproduces. */
export function showHealth(): unknown {
  return {
    version: `v${authVersion}-demo-project`,
    name: 'GoTrue',
    description: 'GoTrue is a user registration and authentication API',
  };
}
