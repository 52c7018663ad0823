"""What an agency does with a consultation once it is published: extend a date, unlist it, close it."""
