/** `GET /health`. The version says whose answers these are. */
export function showHealth(): unknown {
  return {
    version: 'v2.196.0-demo-project',
    name: 'GoTrue',
    description: 'GoTrue is a user registration and authentication API',
  };
}
