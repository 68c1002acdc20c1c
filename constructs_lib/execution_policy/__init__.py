"""The least policy for the role with which CloudFormation deploys an app, from the app's own templates."""
