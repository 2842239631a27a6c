"""What front ends can ask of the backend: acts and queries, declared by subject. Nothing here touches the database."""
