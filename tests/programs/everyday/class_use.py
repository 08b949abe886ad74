import cadquery as cq
class Part:
    def __init__(self, w):
        self.w = w
    def build(self):
        return cq.Workplane().box(self.w, 2, 3)
result = Part(5).build()
